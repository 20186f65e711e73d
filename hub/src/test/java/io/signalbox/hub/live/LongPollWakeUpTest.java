package io.signalbox.hub.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.RunningHub;
import io.signalbox.hub.admission.Proof;
import io.signalbox.hub.http.Answer;
import io.signalbox.hub.store.Answers;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A poll that begins to be held while something happens. */
@Timeout(120)
class LongPollWakeUpTest {
  private static final int POLLS = 20_000;

  /** Held for longer than {@link Answers} waits. */
  private static final long HOLD_MILLIS = 60_000;

  @Test
  void an_event_at_the_moment_when_a_poll_begins_to_be_held_answers_it(@TempDir Path directory) {
    try (FeedServer server = new FeedServer(directory, FeedServer.SETTINGS)) {
      for (int i = 0; i < POLLS; i++) {
        Promise<Answer> answered = Promise.promise();
        Feed.Place present = server.feed.present();
        server.loop().context().runOnContext(turn -> poll(server, present).onComplete(answered));
        server.tell("a", i);
        assertThat(Answers.answer(answered.future()).status()).isEqualTo(200);
      }
    }
  }

  private static io.vertx.core.Future<Answer> poll(FeedServer server, Feed.Place from) {
    Filter filter = new Filter(EnumSet.of(Topics.TELEMETRY), null, Set.of());
    Subscription all = new Subscription(1, filter, 0, null, null);
    long now = server.loop().now();
    Bundle bundle = Bundle.start(server.feed, List.of(all), from, now);
    PageOutbox page = new PageOutbox(1);
    return new HeldPoll(
            server.loop(), new Proof.Key(RunningHub.ADMIN_KEY), bundle, page, now + HOLD_MILLIS)
        .start(now);
  }
}

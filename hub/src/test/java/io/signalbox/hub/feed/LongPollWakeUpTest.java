package io.signalbox.hub.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.RunningHub;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.http.auth.Credential;
import io.signalbox.hub.store.Results;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Events at the moment when a poll starts to be held. */
@Timeout(400)
class LongPollWakeUpTest {
  private static final int POLLS = 20_000;

  /** Longer than {@link Results} waits. */
  private static final long HOLD_MILLIS = 60_000;

  @Test
  void an_event_at_the_start_of_the_hold_answers_the_poll(@TempDir Path directory) {
    try (FeedServer server = new FeedServer(directory, FeedServer.SETTINGS)) {
      for (int i = 0; i < POLLS; i++) {
        Promise<Response> answered = Promise.promise();
        FeedIterator present = server.feed.present();
        server.loop().context().runOnContext(turn -> poll(server, present).onComplete(answered));
        server.publish("a", i);
        assertThat(Results.answer(answered.future()).status()).isEqualTo(200);
      }
    }
  }

  private static io.vertx.core.Future<Response> poll(
      FeedServer server, FeedIterator from) {
    Filter filter = new Filter(EnumSet.of(FeedTopic.TELEMETRY), null, Set.of());
    Subscription all = new Subscription(1, filter, 0, null, null);
    long now = server.loop().now();
    SubscriptionGroup group = SubscriptionGroup.start(server.feed, List.of(all), from, now);
    PollSink page = new PollSink(1);
    return new LongPollClient(
            server.loop(),
            new Credential.ApiKeyCredential(RunningHub.ADMIN_KEY),
            group,
            page,
            now + HOLD_MILLIS)
        .start(now);
  }
}

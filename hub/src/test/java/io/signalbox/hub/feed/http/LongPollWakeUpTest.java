package io.signalbox.hub.feed.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.RunningHub;
import io.signalbox.hub.access.Principal;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.feed.FeedDispatcher;
import io.signalbox.hub.feed.FeedServer;
import io.signalbox.hub.feed.Subscription;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.http.auth.Credential;
import io.signalbox.hub.store.Results;
import io.signalbox.hub.wire.StreamMessage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Events at the moment when a poll starts to be held. */
@Timeout(400)
class LongPollWakeUpTest {
  private static final int POLLS = 20_000;

  private static final Principal VIEWER = new Principal("", "", Set.of(Scope.TELEMETRY_READ));
  private static final StreamMessage.Subscribe TELEMETRY =
      new StreamMessage.Subscribe(1, Set.of("telemetry"), Set.of(), Map.of(), Set.of(), 0, null);

  /** Longer than {@link Results} waits. */
  private static final long HOLD_MILLIS = 60_000;

  @Test
  void an_event_at_the_start_of_the_hold_answers_the_poll(@TempDir Path directory) {
    try (FeedServer server = new FeedServer(directory, FeedServer.SETTINGS)) {
      Subscription all = Results.answer(server.loop().subscription(TELEMETRY, VIEWER));
      for (int i = 0; i < POLLS; i++) {
        Promise<Response> answered = Promise.promise();
        FeedDispatcher.Prepared prepared =
            new FeedDispatcher.Prepared(List.of(all), server.feed.present());
        server
            .loop()
            .context()
            .runOnContext(turn -> poll(server.loop(), prepared).onComplete(answered));
        server.publish("a", i);
        assertThat(Results.answer(answered.future()).status()).isEqualTo(200);
      }
    }
  }

  private static Future<Response> poll(FeedDispatcher loop, FeedDispatcher.Prepared prepared) {
    long now = loop.now();
    Credential credential = new Credential.ApiKeyCredential(RunningHub.ADMIN_KEY);
    PollSink page = new PollSink(1);
    return new LongPollClient(loop, credential, prepared.start(now), page, now + HOLD_MILLIS)
        .start(now);
  }
}

package io.signalbox.hub.feed;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One loop of the feed. */
@Timeout(60)
class FeedDispatcherTest {
  @Test
  void a_loop_that_never_had_a_client_stops_no_timer_of_others(@TempDir Path directory) {
    Vertx vertx = Vertx.vertx();
    try (FeedServer server = new FeedServer(directory, FeedServer.SETTINGS)) {
      FeedDispatcher loop =
          new FeedDispatcher(vertx.getOrCreateContext(), server.loop().feedContext());
      Promise<Void> rung = Promise.promise();
      // The first timer of a Vert.x has the id that a field has which was never set.
      assertThat(vertx.setTimer(100, id -> rung.complete())).isZero();
      loop.drain();
      answer(rung.future());
    } finally {
      answer(vertx.close());
    }
  }
}

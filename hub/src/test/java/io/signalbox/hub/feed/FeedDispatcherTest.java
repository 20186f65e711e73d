package io.signalbox.hub.feed;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The feed's dispatcher of one event loop. */
@Timeout(400)
class FeedDispatcherTest {
  @Test
  void a_dispatcher_without_clients_cancels_no_foreign_timer(@TempDir Path directory) {
    Vertx vertx = Vertx.vertx();
    try (FeedServer server = new FeedServer(directory, FeedServer.SETTINGS)) {
      FeedDispatcher loop = server.dispatcher(vertx.getOrCreateContext());
      Promise<Void> rung = Promise.promise();
      // The first timer id of a Vert.x instance equals the default of an unset field.
      assertThat(vertx.setTimer(100, id -> rung.complete())).isZero();
      loop.drain();
      answer(rung.future());
    } finally {
      answer(vertx.close());
    }
  }

  @Test
  void clients_get_what_is_in_the_feed_before_they_end(@TempDir Path directory) throws Exception {
    try (FeedServer server = new FeedServer(directory, FeedServer.SETTINGS);
        TestEventSource stream = server.stream("topics=telemetry")) {
      stream.place();
      FeedDispatcher loop = server.loop();
      loop.context()
          .runOnContext(
              turn -> {
                server.publish("a", 7);
                loop.drain();
              });

      assertThat(stream.more().type()).isEqualTo("telemetry");
      assertThat(stream.more().type()).isEqualTo("end");
    }
  }
}

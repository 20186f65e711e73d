package io.signalbox.hub;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.telemetry.HeldTelemetryStore;
import io.signalbox.hub.telemetry.HeldTelemetryStore.SilentSender;
import io.signalbox.hub.telemetry.TelemetryIngest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What devices have sent is published before feed clients end. */
@Timeout(400)
class DeviceDrainTest {
  private final Vertx vertx = Vertx.vertx();
  private final Topic<TelemetryBatch> topic = Topic.of(vertx, "telemetry");
  private final HeldTelemetryStore store = new HeldTelemetryStore();
  private final DeviceDrain drain = new DeviceDrain();
  private final AtomicInteger ended = new AtomicInteger();
  private final List<TelemetryBatch> published = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    answer(vertx.close());
  }

  /** A loop whose session sends its last message as it ends. */
  private void addLoop() {
    Context loop = ((VertxInternal) vertx).createEventLoopContext();
    TelemetryIngest ingest = store.ingest(loop, topic);
    Reading last = new Reading("n", 1, new Value.Num(1));
    drain.add(
        loop,
        () -> {
          ended.incrementAndGet();
          ingest.accept(new TelemetryMessage("a", List.of(last)), new SilentSender(), 1);
        },
        ingest);
  }

  @Test
  void the_sessions_of_all_loops_end_once_and_their_messages_are_published_first() {
    topic.listen(published::add);
    addLoop();
    addLoop();

    Future<Void> one = drain.end();
    Future<Void> other = drain.end();
    await().until(() -> store.batches.size() == 2);
    store.store(1);
    await().until(() -> published.size() == 1);
    assertThat(one.isComplete()).isFalse();
    store.store(0);

    answer(one);
    answer(other);
    assertThat(published).hasSize(2);
    assertThat(ended).hasValue(2);
  }

  @Test
  void a_store_that_does_not_answer_delays_the_end_and_does_not_prevent_it() {
    addLoop();

    answer(drain.end());

    assertThat(store.batches).hasSize(1);
  }
}

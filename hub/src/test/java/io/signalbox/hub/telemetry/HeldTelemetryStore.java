package io.signalbox.hub.telemetry;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.TelemetryBatch;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A store that only takes batches, and answers each when and as the test says. */
public final class HeldTelemetryStore {
  /** Batches in the order in which they were appended. */
  public final List<TelemetryBatch> batches = new CopyOnWriteArrayList<>();

  private final List<Promise<BatchResult>> answers = new CopyOnWriteArrayList<>();

  /** The port. */
  public TelemetryStore port() {
    Class<?>[] port = {TelemetryStore.class};
    return (TelemetryStore)
        Proxy.newProxyInstance(
            TelemetryStore.class.getClassLoader(),
            port,
            (proxy, method, arguments) -> append((TelemetryBatch) arguments[0]));
  }

  /** Ingestion of an event loop on this store. */
  public TelemetryIngest ingest(Context loop, Topic<TelemetryBatch> topic) {
    return new TelemetryIngest(
        loop, port(), topic, new IngestSettings(256, 1_000), new IngestMetrics());
  }

  /** A sender that ignores the outcome of its messages. */
  public static final class SilentSender implements TelemetryIngest.AckListener {
    @Override
    public void stored(long seq) {}

    @Override
    public void refused(long seq, Refusal refusal) {}

    @Override
    public void settled() {}
  }

  private Future<BatchResult> append(TelemetryBatch batch) {
    Promise<BatchResult> answer = Promise.promise();
    answers.add(answer);
    batches.add(batch);
    return answer.future();
  }

  /** A batch is stored. */
  public void store(int batch) {
    answers.get(batch).complete(BatchResult.ALL_STORED);
  }

  /** A batch is stored but for the messages that have a refusal. */
  public void storeInPart(int batch, @Nullable Refusal... refusals) {
    answers.get(batch).complete(new BatchResult(Arrays.asList(refusals)));
  }

  /** Nothing of a batch is stored. */
  public void fail(int batch, Throwable cause) {
    answers.get(batch).fail(cause);
  }
}

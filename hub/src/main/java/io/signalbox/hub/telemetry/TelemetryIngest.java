package io.signalbox.hub.telemetry;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Where readings enter the house: one for each event loop that has devices.
 *
 * <p>What the loop's sessions decode in one turn is gathered and flushed at the end of the turn as
 * one batch: to the store, whose answer settles the senders' acknowledgements, and onto the bus,
 * for everybody who watches. Viewers do not wait for the store; devices do.
 *
 * <p>Back-pressure: when the store is behind, {@link #isFull()} turns true, senders stop reading
 * their sockets and ask to be called when there is room again. Memory for what waits is therefore
 * bounded by the settings and by what one read of each socket can bring.
 *
 * <p>Threading: the event loop only.
 */
public final class TelemetryIngest {
  /**
   * Each hop over the bus may wake another event loop, which at a few thousand messages a second
   * costs more than the messages; so there is one hop in so long, or one for a full batch.
   */
  private static final long GATHER_NANOS = 2_000_000;

  private final Context context;
  private final TelemetryStore store;
  private final Topic<TelemetryBatch> topic;
  private final IngestSettings settings;
  private final IngestMetrics metrics;
  private final Queue<Runnable> awaitingCapacity = new ArrayDeque<>();
  private List<TelemetryMessage> messages = new ArrayList<>();
  private List<PendingAck> receipts = new ArrayList<>();
  private List<TelemetryMessage> unpublished = new ArrayList<>();
  private int unpublishedReadings;
  private long publishedAt = System.nanoTime() - GATHER_NANOS;
  private int pendingReadings;
  private int uncommittedReadings;
  private boolean flushDue;

  /** An intake for the event loop of the context. */
  public TelemetryIngest(
      Context context,
      TelemetryStore store,
      Topic<TelemetryBatch> topic,
      IngestSettings settings,
      IngestMetrics metrics) {
    this.context = context;
    this.store = store;
    this.topic = topic;
    this.settings = settings;
    this.metrics = metrics;
  }

  /** Who handed a message in, and wants to know what became of it. Called on the event loop. */
  public interface AckListener {
    /**
     * The message is durable; messages of a sender are settled in the order in which they were
     * taken.
     */
    void stored(long seq);

    /** The message could not be kept and may be sent again. */
    void refused(long seq, Refusal refusal);

    /**
     * Whatever was said since the last call was all of one batch: a good moment to answer for all
     * of it.
     */
    void settled();
  }

  private record PendingAck(AckListener sender, long seq) {}

  private record Batch(TelemetryBatch readings, List<PendingAck> receipts) {}

  /** Takes a message; its sender hears of it later. */
  public void accept(TelemetryMessage message, AckListener sender, long seq) {
    messages.add(message);
    receipts.add(new PendingAck(sender, seq));
    pendingReadings += message.readings().size();
    if (pendingReadings >= settings.batchReadings()) {
      flush();
    } else if (!flushDue) {
      flushDue = true;
      context.runOnContext(turn -> endOfTurn());
    }
  }

  /** Counts values that were null, which is no value. */
  public void skipped(int values) {
    if (values > 0) {
      metrics.skipped(values);
    }
  }

  /** Whether the store is so far behind that senders should stop reading. */
  public boolean isFull() {
    return uncommittedReadings + pendingReadings >= settings.maxPendingReadings();
  }

  /** Calls back, once, when there is room again. */
  public void whenCapacity(Runnable resume) {
    awaitingCapacity.add(resume);
  }

  private void endOfTurn() {
    flushDue = false;
    flush();
  }

  private void flush() {
    if (messages.isEmpty()) {
      return;
    }
    Batch batch = new Batch(new TelemetryBatch(messages, pendingReadings), receipts);
    messages = new ArrayList<>(messages.size() + 8);
    receipts = new ArrayList<>(receipts.size() + 8);
    uncommittedReadings += pendingReadings;
    pendingReadings = 0;
    metrics.handedOver(batch.readings());
    store
        .append(batch.readings())
        .onComplete(kept -> context.runOnContext(later -> settle(batch, kept)));
    publish(batch.readings());
  }

  /** Onto the bus: at once after a pause, gathered when they follow close on each other. */
  private void publish(TelemetryBatch batch) {
    unpublished.addAll(batch.messages());
    unpublishedReadings += batch.readings();
    long now = System.nanoTime();
    if (unpublishedReadings >= settings.batchReadings() || now - publishedAt >= GATHER_NANOS) {
      publishedAt = now;
      publishRest();
    }
  }

  private void publishRest() {
    if (!unpublished.isEmpty()) {
      TelemetryBatch batch = new TelemetryBatch(unpublished, unpublishedReadings);
      unpublished = new ArrayList<>(unpublished.size() + 8);
      unpublishedReadings = 0;
      topic.publish(batch);
    }
  }

  private void settle(Batch batch, AsyncResult<Void> kept) {
    uncommittedReadings -= batch.readings().readings();
    // The store always answers, so nothing that is gathered waits for another message to come.
    publishRest();
    if (kept.succeeded()) {
      metrics.stored(batch.readings());
      batch.receipts().forEach(receipt -> receipt.sender().stored(receipt.seq()));
    } else {
      Refusal refusal = refusalFor(kept.cause());
      metrics.refused(batch.readings());
      batch.receipts().forEach(receipt -> receipt.sender().refused(receipt.seq(), refusal));
    }
    batch.receipts().forEach(receipt -> receipt.sender().settled());
    if (uncommittedReadings + pendingReadings <= settings.maxPendingReadings() / 2) {
      for (Runnable resume = awaitingCapacity.poll();
          resume != null;
          resume = awaitingCapacity.poll()) {
        resume.run();
      }
    }
  }

  private static Refusal refusalFor(Throwable cause) {
    return cause instanceof Refusal refusal
        ? refusal
        : new Refusal(
            ErrorCode.UNAVAILABLE, "the readings could not be kept; send them again later");
  }
}

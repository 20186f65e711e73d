package io.signalbox.hub.telemetry;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.devicetype.TelemetryRules;
import io.signalbox.hub.model.Reading;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Telemetry ingestion of one event loop.
 *
 * <p>The readings that the loop's sessions decode in one turn are flushed at its end as one batch:
 * to the store, whose result settles the senders' acknowledgements, and to the bus for subscribers.
 * Subscribers do not wait for the store; devices do.
 *
 * <p>Back-pressure: if the store falls behind, {@link #isFull()} becomes true; senders then stop
 * reading their sockets and ask for a callback when there is capacity. The memory for waiting
 * readings is thus limited by the settings and by what one read of each socket can bring.
 *
 * <p>Threading: the event loop only.
 */
public final class TelemetryIngest {
  /**
   * Each hop over the bus may wake another event loop, which at a few thousand messages per second
   * costs more than the messages; so there is one hop per interval, or per full batch.
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

  /** Ingestion on the event loop of the context. */
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

  /** The context of the event loop. */
  public Context context() {
    return context;
  }

  /** Listener for the outcome of a sender's messages. Called on the event loop. */
  public interface AckListener {
    /**
     * The message is durable; messages of a sender are settled in the order in which they were
     * accepted.
     */
    void stored(long seq);

    /** The message could not be stored and may be sent again. */
    void refused(long seq, Refusal refusal);

    /**
     * All calls since the last {@code settled} belonged to one batch: send one acknowledgement for
     * all of them.
     */
    void settled();
  }

  private record PendingAck(AckListener sender, long seq) {}

  private record Batch(TelemetryBatch readings, List<PendingAck> receipts) {}

  /** Accepts a message; the listener is called when it is settled. */
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

  /**
   * Accepts a message by the rules for its device. Readings that do not fit are marked, or {@code
   * INVALID_READINGS} is thrown: then nothing of the message is stored or published.
   *
   * @param rules null if the device's type accepts all readings
   */
  public void accept(
      TelemetryMessage message, @Nullable TelemetryRules rules, AckListener sender, long seq) {
    accept(rules == null ? message : checked(message, rules), sender, seq);
  }

  private TelemetryMessage checked(TelemetryMessage message, TelemetryRules rules) {
    Set<Reading> misfits = rules.misfits(message.readings());
    if (misfits.isEmpty()) {
      return message;
    }
    if (rules.refuses()) {
      metrics.misfitsRefused(misfits.size());
      throw rules.refusal(misfits);
    }
    metrics.misfitsTagged(misfits.size());
    return new TelemetryMessage(message.device(), message.readings(), misfits);
  }

  /** Counts null values, which are not readings. */
  public void skipped(int values) {
    if (values > 0) {
      metrics.skipped(values);
    }
  }

  /** Whether senders should stop reading because the store is behind. */
  public boolean isFull() {
    return uncommittedReadings + pendingReadings >= settings.maxPendingReadings();
  }

  /** Calls back once, when there is capacity again. */
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

  /** Publishes on the bus: at once after a pause, collected while batches follow closely. */
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
    // The store always completes, so collected messages never wait for the next one.
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
            ErrorCode.UNAVAILABLE, "the readings could not be stored; send them again later");
  }
}

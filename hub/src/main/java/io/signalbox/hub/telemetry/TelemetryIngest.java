package io.signalbox.hub.telemetry;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.devicetype.TelemetryRules;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.telemetry.PendingBatch.PendingAck;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Telemetry ingestion of one event loop, in one order: store, then feed.
 *
 * <p>The readings that the loop's sessions decode in one turn are appended to the store at its end
 * as one batch. When the store has answered, the messages that are stored are published for
 * subscribers, and then the senders are told the outcome of each message. So what a subscriber sees
 * is durable, and what a device has an acknowledgement for has been published.
 *
 * <p>Batches are settled in the order in which they were appended: an answer that comes early waits
 * for those before it, so no message is acknowledged or published before an earlier one whose fate
 * is open. A refused message holds up nothing.
 *
 * <p>Back-pressure: if the store falls behind, {@link #isFull()} becomes true; senders then stop
 * reading their sockets and ask for a callback when there is capacity. The memory for readings that
 * are not settled is thus limited by the settings and by what one read of each socket can bring.
 *
 * <p>Threading: the event loop only. The store answers on its own thread, which costs one task of
 * the loop for all batches that it answers at a time.
 */
public final class TelemetryIngest {
  /** Batches that are settled in a row, since event loops have other work. */
  private static final int MAX_IN_A_ROW = 64;

  private final Context context;
  private final TelemetryStore store;
  private final TelemetryPublisher publisher;
  private final IngestSettings settings;
  private final IngestMetrics metrics;
  private final Queue<Runnable> awaitingCapacity = new ArrayDeque<>();
  private List<TelemetryMessage> messages = new ArrayList<>();
  private List<PendingAck> acks = new ArrayList<>();
  private int collectedReadings;
  private boolean flushDue;

  /** Batches that are not settled, in the order in which they were appended. */
  private final Deque<PendingBatch> unsettled = new ArrayDeque<>();

  private int unsettledReadings;

  /** Whether a task that settles batches is due. Any thread. */
  private final AtomicBoolean settleDue = new AtomicBoolean();

  /** Batches that are being settled; empty between turns. */
  private final List<PendingBatch> settling = new ArrayList<>();

  /** Ingestion on the event loop of the context. */
  public TelemetryIngest(
      Context context,
      TelemetryStore store,
      Topic<TelemetryBatch> topic,
      IngestSettings settings,
      IngestMetrics metrics) {
    this.context = context;
    this.store = store;
    this.publisher = new TelemetryPublisher(topic, settings.batchReadings());
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
     * The message is durable and published; messages of a sender are settled in the order in which
     * they were accepted.
     */
    void stored(long seq);

    /** The message could not be stored and may be sent again. */
    void refused(long seq, Refusal refusal);

    /**
     * The messages of all calls since the last {@code settled} were settled together: send one
     * acknowledgement for all of them.
     */
    void settled();
  }

  /** Accepts a message; the listener is called when it is settled. */
  public void accept(TelemetryMessage message, AckListener sender, long seq) {
    messages.add(message);
    acks.add(new PendingAck(sender, seq));
    collectedReadings += message.readings().size();
    if (collectedReadings >= settings.batchReadings()) {
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
    return unsettledReadings + collectedReadings >= settings.maxPendingReadings();
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
    PendingBatch batch = new PendingBatch(new TelemetryBatch(messages, collectedReadings), acks);
    messages = new ArrayList<>(messages.size() + 8);
    acks = new ArrayList<>(acks.size() + 8);
    unsettledReadings += collectedReadings;
    collectedReadings = 0;
    metrics.handedOver(batch.readings());
    unsettled.add(batch);
    append(batch.batch()).onComplete(answer -> answered(batch, answer));
  }

  /** A batch without an answer would hold up all later ones. */
  private Future<BatchResult> append(TelemetryBatch batch) {
    try {
      return store.append(batch);
    } catch (RuntimeException thrown) {
      return Future.failedFuture(thrown);
    }
  }

  /** Any thread, usually the store's. */
  private void answered(PendingBatch batch, AsyncResult<BatchResult> answer) {
    batch.answered(answer);
    scheduleSettle();
  }

  private void scheduleSettle() {
    if (settleDue.compareAndSet(false, true)) {
      context.runOnContext(turn -> settle());
    }
  }

  /** Publishes what is stored of the oldest batches that have an answer, then reports it. */
  private void settle() {
    settleDue.set(false); // first: a batch that is answered from here on schedules another task
    while (settling.size() < MAX_IN_A_ROW && hasAnswer(unsettled.peek())) {
      PendingBatch next = unsettled.remove();
      settling.add(next);
      TelemetryBatch stored = next.stored();
      metrics.settled(next.batch(), stored);
      publisher.add(stored);
    }
    publisher.flush();
    for (PendingBatch batch : settling) {
      unsettledReadings -= batch.readings();
      batch.report();
    }
    settling.forEach(PendingBatch::acknowledge);
    settling.clear();
    if (hasAnswer(unsettled.peek())) {
      scheduleSettle();
    }
    resumeSenders();
  }

  private static boolean hasAnswer(@Nullable PendingBatch batch) {
    return batch != null && batch.isAnswered();
  }

  private void resumeSenders() {
    if (unsettledReadings + collectedReadings <= settings.maxPendingReadings() / 2) {
      for (Runnable resume = awaitingCapacity.poll();
          resume != null;
          resume = awaitingCapacity.poll()) {
        resume.run();
      }
    }
  }

  /** Succeeds when every message that was accepted until now is settled. */
  public Future<Void> awaitSettled() {
    flush();
    PendingBatch last = unsettled.peekLast();
    return last == null ? Future.succeededFuture() : last.whenSettled();
  }
}

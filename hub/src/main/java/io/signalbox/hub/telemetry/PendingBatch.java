package io.signalbox.hub.telemetry;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A batch from its append until it is published and its senders know the outcome.
 *
 * <p>Threading: the event loop of the ingestion; {@link #answered} may be called from any thread.
 */
final class PendingBatch {
  private static final Logger LOG = LoggerFactory.getLogger(PendingBatch.class);

  /** Where the outcome of a message is reported. */
  record PendingAck(TelemetryIngest.AckListener sender, long seq) {}

  private final TelemetryBatch batch;

  /** One for each message, in the same order. */
  private final List<PendingAck> acks;

  /** Null until the store has answered. */
  private volatile @Nullable BatchResult result;

  private @Nullable Promise<Void> settled;

  PendingBatch(TelemetryBatch batch, List<PendingAck> acks) {
    this.batch = batch;
    this.acks = acks;
  }

  TelemetryBatch batch() {
    return batch;
  }

  int readings() {
    return batch.readings();
  }

  /** Any thread: the store has answered. */
  void answered(AsyncResult<BatchResult> answer) {
    result =
        answer.succeeded()
            ? answer.result()
            : BatchResult.allRefused(batch.messages().size(), refusalFor(answer.cause()));
  }

  private static Refusal refusalFor(Throwable cause) {
    return cause instanceof Refusal refusal
        ? refusal
        : new Refusal(
            ErrorCode.UNAVAILABLE, "the readings could not be stored; send them again later");
  }

  boolean isAnswered() {
    return result != null;
  }

  private BatchResult result() {
    BatchResult answer = result;
    if (answer == null) {
      throw new IllegalStateException("the store has not answered");
    }
    return answer;
  }

  /** The messages that are stored: the batch itself if it is all of them. */
  TelemetryBatch stored() {
    BatchResult answer = result();
    if (answer.refusals().isEmpty()) {
      return batch;
    }
    List<TelemetryMessage> stored = new ArrayList<>();
    int readings = 0;
    for (int i = 0; i < acks.size(); i++) {
      TelemetryMessage message = batch.messages().get(i);
      if (answer.refusal(i) == null) {
        stored.add(message);
        readings += message.readings().size();
      }
    }
    return new TelemetryBatch(stored, readings);
  }

  /** Reports the outcome of each message to its sender, in order. */
  void report() {
    BatchResult answer = result();
    for (int i = 0; i < acks.size(); i++) {
      PendingAck ack = acks.get(i);
      Refusal refusal = answer.refusal(i);
      try {
        if (refusal == null) {
          ack.sender().stored(ack.seq());
        } else {
          ack.sender().refused(ack.seq(), refusal);
        }
      } catch (RuntimeException thrown) {
        failed(thrown);
      }
    }
  }

  /** Tells every sender that it can acknowledge now. */
  void acknowledge() {
    for (PendingAck ack : acks) {
      try {
        ack.sender().settled();
      } catch (RuntimeException thrown) {
        failed(thrown);
      }
    }
    if (settled != null) {
      settled.complete();
    }
  }

  /** A failing sender must not hold up the others. */
  private static void failed(RuntimeException thrown) {
    LOG.error("Outcome of a message could not be reported to its sender", thrown);
  }

  /** Succeeds when the senders know the outcome. */
  Future<Void> whenSettled() {
    Promise<Void> waiting = settled;
    if (waiting == null) {
      waiting = Promise.promise();
      settled = waiting;
    }
    return waiting.future();
  }
}

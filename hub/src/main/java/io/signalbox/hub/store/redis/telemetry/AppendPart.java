package io.signalbox.hub.store.redis.telemetry;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.telemetry.BatchResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a batch that belong to one partition, encoded. Filled by the thread that appends,
 * then confined to the executor of {@link AppendQueue}.
 */
final class AppendPart {
  private final Owner owner;
  private final List<TelemetryMessage> messages = new ArrayList<>();
  private final List<byte[]> entries = new ArrayList<>();
  private int[] indexes = new int[4];
  private int readings;

  /** A batch whose parts are answered one by one. */
  static final class Owner {
    private final TelemetryBatch batch;
    private final Promise<BatchResult> answer = Promise.promise();
    private @Nullable Refusal @Nullable [] refusals;
    private int refused;
    private int open;

    Owner(TelemetryBatch batch) {
      this.batch = batch;
    }

    TelemetryBatch batch() {
      return batch;
    }

    Future<BatchResult> answer() {
      return answer.future();
    }

    /** Sets the number of parts, before the first is answered. */
    void expect(int parts) {
      open = parts;
    }

    private void answered(AppendPart part, @Nullable Refusal refusal) {
      if (refusal != null) {
        refuse(part, refusal);
      }
      if (--open > 0) {
        return;
      }
      @Nullable Refusal[] all = refusals;
      if (all == null) {
        answer.complete(BatchResult.ALL_STORED);
      } else if (refused == all.length && refusal != null) {
        answer.fail(refusal);
      } else {
        answer.complete(new BatchResult(Arrays.asList(all)));
      }
    }

    private void refuse(AppendPart part, Refusal refusal) {
      @Nullable Refusal[] all = refusals;
      if (all == null) {
        all = new Refusal[batch.messages().size()];
        refusals = all;
      }
      for (int i = 0; i < part.messages.size(); i++) {
        all[part.indexes[i]] = refusal;
      }
      refused += part.messages.size();
    }
  }

  AppendPart(Owner owner) {
    this.owner = owner;
  }

  /** Adds a message of the batch. */
  void add(int index, TelemetryMessage message, byte[] entry) {
    if (messages.size() == indexes.length) {
      indexes = Arrays.copyOf(indexes, 2 * indexes.length);
    }
    indexes[messages.size()] = index;
    messages.add(message);
    entries.add(entry);
    readings += message.readings().size();
  }

  List<TelemetryMessage> messages() {
    return messages;
  }

  /** One for each message. */
  List<byte[]> entries() {
    return entries;
  }

  int readings() {
    return readings;
  }

  /** The messages as an event: the batch itself if it has no others. */
  TelemetryBatch event() {
    return messages.size() == owner.batch().messages().size()
        ? owner.batch()
        : new TelemetryBatch(messages, readings);
  }

  /** Reports the outcome of these messages; null if they are stored. */
  void answered(@Nullable Refusal refusal) {
    owner.answered(this, refusal);
  }
}

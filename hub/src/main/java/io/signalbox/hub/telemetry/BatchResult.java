package io.signalbox.hub.telemetry;

import io.signalbox.hub.model.Refusal;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Outcome of an append for each message of the batch. Immutable.
 *
 * @param refusals by index of the message; a message is stored if it has null or is beyond the list
 */
public record BatchResult(List<@Nullable Refusal> refusals) {
  /** All messages are stored: the usual outcome, one object for all batches. */
  public static final BatchResult ALL_STORED = new BatchResult(List.of());

  /** No message is stored, all for the same reason. */
  static BatchResult allRefused(int messages, Refusal refusal) {
    return new BatchResult(Collections.nCopies(messages, refusal));
  }

  /** Why a message is not stored; null if it is. */
  public @Nullable Refusal refusal(int message) {
    return message < refusals.size() ? refusals.get(message) : null;
  }
}

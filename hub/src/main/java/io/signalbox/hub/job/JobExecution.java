package io.signalbox.hub.job;

import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * One device's part in a job.
 *
 * @param device the device's id, which need not be registered
 * @param standing how it stands
 * @param command the id of its command; null if none was made
 * @param refusal why none could be made; null otherwise
 */
public record JobExecution(
    String device, ExecutionState standing, @Nullable String command, @Nullable Reason refusal) {

  /**
   * Why there is no command.
   *
   * @param code of {@link Refusal.ErrorCode#code}
   * @param text for people
   */
  public record Reason(String code, String text) {}

  /** An errand that nothing can come of. */
  static JobExecution refused(String device, Refusal refusal) {
    Reason grounds = new Reason(refusal.kind().code(), refusal.detail());
    return new JobExecution(device, ExecutionState.REFUSED, null, grounds);
  }
}

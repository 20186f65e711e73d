package io.signalbox.hub.job;

import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Execution of a job on one device.
 *
 * @param device the device's id, which need not be registered
 * @param standing state of the execution
 * @param command id of the command; null if none was created
 * @param refusal why no command was created; null otherwise
 */
public record JobExecution(
    String device, ExecutionState standing, @Nullable String command, @Nullable Reason refusal) {

  /**
   * Reason why there is no command.
   *
   * @param code as in {@link Refusal.ErrorCode#code}
   * @param text for display
   */
  public record Reason(String code, String text) {}

  /** The execution of a device for which no command could be created. */
  static JobExecution refused(String device, Refusal refusal) {
    Reason reason = new Reason(refusal.kind().code(), refusal.detail());
    return new JobExecution(device, ExecutionState.REFUSED, null, reason);
  }
}

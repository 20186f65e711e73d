package io.signalbox.hub.job;

import io.signalbox.hub.model.Job.Standing;
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
public record Errand(
    String device, Standing standing, @Nullable String command, @Nullable Grounds refusal) {

  /**
   * Why there is no command.
   *
   * @param code of {@link Refusal.Kind#code}
   * @param text for people
   */
  public record Grounds(String code, String text) {}

  /** An errand that nothing can come of. */
  static Errand refused(String device, Refusal refusal) {
    Grounds grounds = new Grounds(refusal.kind().code(), refusal.detail());
    return new Errand(device, Standing.REFUSED, null, grounds);
  }
}

package io.signalbox.hub.polling;

/**
 * What is known to come for a device.
 *
 * @param pending commands that could be handed out now and are not: more than one answer may carry
 * @param nextDue Unix milliseconds at which the next scheduled command falls due; 0 for none
 */
public record PendingWork(int pending, long nextDue) {
  /** Nothing that is known of. */
  public static final PendingWork CLEAR = new PendingWork(0, 0);
}

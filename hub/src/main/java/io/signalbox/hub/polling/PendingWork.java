package io.signalbox.hub.polling;

/**
 * Commands that a device is known to get.
 *
 * @param pending commands that are ready but did not fit into the response
 * @param nextDue time of the next scheduled command, Unix milliseconds; 0 for none
 */
public record PendingWork(int pending, long nextDue) {
  /** No known commands. */
  public static final PendingWork CLEAR = new PendingWork(0, 0);
}

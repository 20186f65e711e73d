package io.signalbox.hub.gateway.http;

import io.signalbox.hub.http.RequestSource;

/**
 * Distinguishes two devices with one key from one device whose address changes. A device that moves
 * does not return to its old address; a device with two networks may alternate, but polls when it
 * was asked to. Two devices with one key alternate, and so one of them polls early.
 *
 * <p>Threading: the device's event loop.
 */
final class SharedKeyDetector {
  private static final int SUSPICIOUS = 3;

  /** Number of takeovers that counts as a contest. */
  private static final int CONTEST = 6;

  private String former = "";
  private int returns;

  /** A request from another host; returns the number of takeovers that it counts as. */
  int moved(String from, String to, boolean early) {
    boolean back = former.equals(RequestSource.hostOf(to));
    former = RequestSource.hostOf(from);
    if (!back || !early) {
      return 0;
    }
    returns++;
    return returns >= SUSPICIOUS ? CONTEST : 0;
  }

  /** A request from the same host, at the planned time. */
  void cameAsPlanned() {
    returns = Math.max(0, returns - 1);
  }
}

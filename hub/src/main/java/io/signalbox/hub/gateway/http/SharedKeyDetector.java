package io.signalbox.hub.gateway.http;

import io.signalbox.hub.http.RequestSource;

/**
 * Tells two pollers with one key from one that moves. Who moves comes from a new address, and not
 * from the old one again; who has two ways to the hub may come by either, but when it was asked to.
 * Two that have one key come by turns, and so earlier than one of them was asked to.
 *
 * <p>Threading: the device's home.
 */
final class SharedKeyDetector {
  private static final int SUSPICIOUS = 3;

  /** As many takeovers as make a contest. */
  private static final int CONTEST = 6;

  private String former = "";
  private int returns;

  /** The device comes from another host; as how many takeovers that counts. */
  int moved(String from, String to, boolean early) {
    boolean back = former.equals(RequestSource.hostOf(to));
    former = RequestSource.hostOf(from);
    if (!back || !early) {
      return 0;
    }
    returns++;
    return returns >= SUSPICIOUS ? CONTEST : 0;
  }

  /** The device comes from where it was, at its time. */
  void onSchedule() {
    returns = Math.max(0, returns - 1);
  }
}

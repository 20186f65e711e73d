package io.signalbox.hub.feed;

import java.util.concurrent.ThreadLocalRandom;

/** Reconnect delays during a shutdown, randomized so that clients do not all return at once. */
final class RetryAfter {
  private static final int LATEST_SECONDS = 5;

  private RetryAfter() {}

  /** A random delay in seconds. */
  static int seconds() {
    return ThreadLocalRandom.current().nextInt(1, LATEST_SECONDS + 1);
  }
}

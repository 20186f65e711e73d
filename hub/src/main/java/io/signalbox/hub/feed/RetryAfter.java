package io.signalbox.hub.feed;

import java.util.concurrent.ThreadLocalRandom;

/** When viewers come back to a hub that goes down: spread, so that not all come at once. */
final class RetryAfter {
  private static final int LATEST_SECONDS = 5;

  private RetryAfter() {}

  /** After so many seconds, another number for each. */
  static int seconds() {
    return ThreadLocalRandom.current().nextInt(1, LATEST_SECONDS + 1);
  }
}

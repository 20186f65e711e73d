package io.signalbox.hub.live;

import java.util.concurrent.ThreadLocalRandom;

/** When viewers come back to a hub that goes down: spread, so that not all come at once. */
final class ComeBack {
  private static final int LATEST_SECONDS = 5;

  private ComeBack() {}

  /** After so many seconds, another number for each. */
  static int seconds() {
    return ThreadLocalRandom.current().nextInt(1, LATEST_SECONDS + 1);
  }
}

package io.signalbox.sim.device;

import io.signalbox.sim.link.LinkEvent.NotOpened;
import io.signalbox.sim.link.TransportKind;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Which way a device calls the hub: the best one that its network lets through, as far as it knows.
 * It steps down when a way is refused by what stands between, goes on with what worked, and tries a
 * better way again after a while, which grows each time that was in vain.
 */
final class TransportSelector {
  private static final int SILENCES_BEFORE_A_STEP = 2;
  private static final int REFUSALS_BEFORE_A_STEP = 4;
  private static final int BREAKS_BEFORE_A_STEP = 3;
  private static final long BRIEF_MILLIS = 60_000;
  private static final long STEADY_MILLIS = 600_000;
  private static final int MOST_DOUBLINGS = 5;

  private final List<TransportKind> transports;
  private final long betterAfterMillis;
  private final RandomGenerator random;
  private int index;
  private int failures;
  private int breaks;
  private int failedProbes;
  private long probeAt = Long.MAX_VALUE;

  /**
   * The ways of one device.
   *
   * @param ladder the best first
   * @param betterAfterMillis how long it goes on with a lesser way before it tries a better one
   */
  TransportSelector(List<TransportKind> ladder, long betterAfterMillis, RandomGenerator random) {
    this.transports = ladder;
    this.betterAfterMillis = betterAfterMillis;
    this.random = random;
  }

  /** The way to call by. */
  TransportKind current() {
    return transports.get(index);
  }

  /** Whether there is any other. */
  boolean hasOthers() {
    return transports.size() > 1;
  }

  /**
   * A call was not answered with a welcome. Whether the next is to be made by another way, at once:
   * not when nobody was there to be called, as no way helps against that.
   */
  boolean attemptFailed(NotOpened refused) {
    if (!refused.reached()) {
      return false;
    }
    failures++;
    return switch (refused.status()) {
      case 401, 403, 429, 503 -> failures >= REFUSALS_BEFORE_A_STEP && stepDown();
      case 0 -> failures >= SILENCES_BEFORE_A_STEP && stepDown();
      default -> stepDown();
    };
  }

  /** The call was taken, and no welcome came: something between holds it back. */
  boolean welcomeTimedOut() {
    return stepDown();
  }

  /** The device was welcomed on the present way. */
  void sessionEstablished(long now) {
    failures = 0;
    scheduleProbe(now);
  }

  /**
   * A session ended without a goodbye after so long. Whether the next is to be by another way:
   * where connections never live long, one that holds none may do better.
   */
  boolean sessionBroke(long livedMillis) {
    breaks = livedMillis < BRIEF_MILLIS ? breaks + 1 : 0;
    failedProbes = livedMillis < STEADY_MILLIS ? failedProbes : 0;
    return breaks >= BREAKS_BEFORE_A_STEP && stepDown();
  }

  private boolean stepDown() {
    failures = 0;
    breaks = 0;
    index = (index + 1) % transports.size();
    // From the last back to the first there is no hurry: none of them works just now.
    return index > 0;
  }

  /** When a better way is worth a trial; {@link Long#MAX_VALUE} for never. */
  long probeAt() {
    return probeAt;
  }

  /** The better way to be tried: now the best, now the next one above, in turn. */
  TransportKind better() {
    return transports.get(failedProbes % Math.max(1, index));
  }

  /** The trial was in vain. */
  void probeFailed(long now) {
    failedProbes++;
    scheduleProbe(now);
  }

  /** The trial was answered with a welcome: that is the way from now on. */
  void better(TransportKind transport) {
    index = transports.indexOf(transport);
    breaks = 0;
  }

  private void scheduleProbe(long now) {
    long wait = betterAfterMillis << Math.min(failedProbes, MOST_DOUBLINGS);
    probeAt = index == 0 ? Long.MAX_VALUE : now + wait / 2 + random.nextLong(wait);
  }
}

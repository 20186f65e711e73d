package io.signalbox.sim.device;

import io.signalbox.sim.link.LinkEvent.NotOpened;
import io.signalbox.sim.link.TransportKind;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Selects the transport of a device: the best one known to work on its network. Falls back when an
 * intermediary blocks a transport, stays with what works, and tries better transports again after a
 * time that grows with each failed try.
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
   * Creates the selector of one device.
   *
   * @param transports transports in order of preference
   * @param betterAfterMillis time on a fallback transport until a better one is tried
   */
  TransportSelector(
      List<TransportKind> transports, long betterAfterMillis, RandomGenerator random) {
    this.transports = transports;
    this.betterAfterMillis = betterAfterMillis;
    this.random = random;
  }

  /** The current transport. */
  TransportKind current() {
    return transports.get(index);
  }

  /** Whether there are several transports. */
  boolean hasOthers() {
    return transports.size() > 1;
  }

  /**
   * Records a connection attempt without welcome. Returns whether to try another transport at once:
   * not if the hub was unreachable, because no other transport would help.
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

  /** Records an accepted connection without welcome: an intermediary buffers it. */
  boolean welcomeTimedOut() {
    return stepDown();
  }

  /** Records a welcome on the current transport. */
  void sessionEstablished(long now) {
    failures = 0;
    scheduleProbe(now);
  }

  /**
   * Records a session that ended without a close frame. Returns whether to use another transport:
   * if connections are always short-lived, one without persistent connections may work better.
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
    // No immediate retry after the last transport: none of them works at present.
    return index > 0;
  }

  /** Time of the next probe of a better transport; {@link Long#MAX_VALUE} for never. */
  long probeAt() {
    return probeAt;
  }

  /** The transport to probe: alternates between the best and the next better one. */
  TransportKind better() {
    return transports.get(failedProbes % Math.max(1, index));
  }

  /** Records a failed probe. */
  void probeFailed(long now) {
    failedProbes++;
    scheduleProbe(now);
  }

  /** Records a successful probe: its transport becomes the current one. */
  void better(TransportKind transport) {
    index = transports.indexOf(transport);
    breaks = 0;
  }

  private void scheduleProbe(long now) {
    long wait = betterAfterMillis << Math.min(failedProbes, MOST_DOUBLINGS);
    probeAt = index == 0 ? Long.MAX_VALUE : now + wait / 2 + random.nextLong(wait);
  }
}

package io.signalbox.hub.store.telemetry;

import io.signalbox.hub.clock.HubClock;
import java.time.Duration;

/** The instant before which readings are deleted, in whole days (UTC). */
public final class RetentionCutoff {
  private static final long DAY = Duration.ofDays(1).toMillis();

  /** Delay before a clock jump forward is trusted; a corrected mistake deletes nothing. */
  private static final Duration SETTLED = Duration.ofHours(1);

  private RetentionCutoff() {}

  /** The cutoff now, Unix milliseconds; {@code Long.MIN_VALUE} if the retention is zero. */
  public static long of(HubClock clock, Duration retention) {
    return retention.isZero()
        ? Long.MIN_VALUE
        : Math.floorDiv(clock.wallMillisBeforeSteps(SETTLED) - retention.toMillis(), DAY) * DAY;
  }
}

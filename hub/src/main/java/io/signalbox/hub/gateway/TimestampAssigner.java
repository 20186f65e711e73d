package io.signalbox.hub.gateway;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.wire.DeviceMessage;
import java.util.ArrayList;
import java.util.List;

/**
 * Assigns timestamps to readings without one: each later than all before it of the same device, so
 * that readings in quick succession stay distinct. Needs one number per device.
 */
public final class TimestampAssigner {
  /** Limit, in milliseconds, by which assigned timestamps may run ahead of the clock. */
  private static final long AHEAD_MILLIS = 1_000;

  private TimestampAssigner() {}

  /** The device's next timestamp, in milliseconds. */
  public static long next(long last, long now) {
    return Math.min(Math.max(now, last + 1), now + AHEAD_MILLIS);
  }

  /** Whether any reading has no timestamp. */
  public static boolean isNeeded(List<Reading> readings) {
    return readings.stream().anyMatch(reading -> reading.ts() == DeviceMessage.NO_TS);
  }

  /** The readings, with this timestamp on those that have none. */
  public static List<Reading> on(List<Reading> readings, long timestamps) {
    List<Reading> stamped = new ArrayList<>(readings.size());
    for (Reading reading : readings) {
      stamped.add(stamped(reading, timestamps));
    }
    return stamped;
  }

  private static Reading stamped(Reading reading, long timestamps) {
    return reading.ts() == DeviceMessage.NO_TS
        ? new Reading(reading.metric(), timestamps, reading.value())
        : reading;
  }
}

package io.signalbox.hub.gateway;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.wire.DeviceMessage;
import java.util.ArrayList;
import java.util.List;

/**
 * The time that readings get which came without one: later than all before them of the same device,
 * so that fast ones do not fall into one. Needs one number for each device.
 */
public final class TimestampAssigner {
  /** How far stamps may run ahead of the clock so that no two of a device are the same. */
  private static final long AHEAD_MILLIS = 1_000;

  private TimestampAssigner() {}

  /** The device's next stamp (ms). */
  public static long next(long last, long now) {
    return Math.min(Math.max(now, last + 1), now + AHEAD_MILLIS);
  }

  /** Whether a reading came without a time. */
  public static boolean isNeeded(List<Reading> readings) {
    return readings.stream().anyMatch(reading -> reading.ts() == DeviceMessage.NO_TS);
  }

  /** The readings, with the stamp on those that came without a time. */
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

package io.signalbox.hub.model;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One accepted message: readings of one device, in order of arrival.
 *
 * @param device the device's id
 * @param readings at least one
 * @param misfits those of the readings that do not fit the device's type, which marks them; null if
 *     there are none. They are not stored
 */
public record TelemetryMessage(
    String device, List<Reading> readings, @Nullable Set<Reading> misfits) {
  /** A message without marks. */
  public TelemetryMessage(String device, List<Reading> readings) {
    this(device, readings, null);
  }
}

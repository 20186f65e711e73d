package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Device;
import java.util.HashMap;
import java.util.Map;

/**
 * The units of the metrics of some devices, where they are known. A unit of the device's type has
 * priority over one of its description, and that over one that its readings named.
 *
 * <p>Immutable; safe on any thread.
 *
 * @param ofTypes by name of the type and metric
 * @param described by device and metric
 * @param named by device and metric
 */
public record DeviceUnits(
    Map<String, Map<String, String>> ofTypes,
    Map<String, Map<String, String>> described,
    Map<String, Map<String, String>> named) {
  /** The units of a device's metrics. */
  public Map<String, String> of(Device device) {
    String type = device.type();
    return over(
        type == null ? Map.of() : ofTypes.getOrDefault(type, Map.of()),
        over(
            described.getOrDefault(device.id(), Map.of()),
            named.getOrDefault(device.id(), Map.of())));
  }

  /** Most devices have units of one source only; their maps are not copied. */
  static Map<String, String> over(Map<String, String> units, Map<String, String> others) {
    if (others.isEmpty()) {
      return units;
    }
    if (units.isEmpty()) {
      return others;
    }
    Map<String, String> all = new HashMap<>(others);
    all.putAll(units);
    return all;
  }
}

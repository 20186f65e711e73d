package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Device;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A change of a device's entry, field by field, in the sense of RFC 7396.
 *
 * @param labels by key; labels that are not named stay
 * @param clearLabels drop every label first
 * @param enabled null to keep
 */
public record DevicePatch(
    Change name,
    Change type,
    Map<String, Change> labels,
    boolean clearLabels,
    @Nullable Boolean enabled) {

  /** Changes nothing. */
  public static final DevicePatch NOTHING =
      new DevicePatch(new Change.Keep(), new Change.Keep(), Map.of(), false, null);

  /** What becomes of a field. */
  public sealed interface Change {
    /** It was not named. */
    record Keep() implements Change {}

    /** It was set to null. */
    record Clear() implements Change {}

    /** It was given a value. */
    record To(String value) implements Change {}

    /** What a named field becomes. */
    static Change of(@Nullable String value) {
      return value == null ? new Clear() : new To(value);
    }
  }

  /** The same with that name; null removes it. */
  public DevicePatch withName(@Nullable String value) {
    return new DevicePatch(Change.of(value), type, labels, clearLabels, enabled);
  }

  /** The same with that type; null removes it. */
  public DevicePatch withType(@Nullable String value) {
    return new DevicePatch(name, Change.of(value), labels, clearLabels, enabled);
  }

  /** The same with that label; null removes it. */
  public DevicePatch withLabel(String key, @Nullable String value) {
    Map<String, Change> more = new TreeMap<>(labels);
    more.put(key, Change.of(value));
    return new DevicePatch(name, type, more, clearLabels, enabled);
  }

  /** The same without any label that was there. */
  public DevicePatch withoutLabels() {
    return new DevicePatch(name, type, labels, true, enabled);
  }

  /** The same, which lets the device in or keeps it out. */
  public DevicePatch withEnabled(boolean value) {
    return new DevicePatch(name, type, labels, clearLabels, value);
  }

  /** The device as it is afterwards; refuses one that the rules forbid, with {@code INVALID}. */
  public Device applyTo(Device device) {
    Device changed =
        new Device(
            device.id(),
            applied(name, device.name()),
            applied(type, device.type()),
            labels(device.labels()),
            enabled == null ? device.enabled() : enabled,
            device.created());
    DeviceValidator.check(changed);
    return changed;
  }

  private Map<String, String> labels(Map<String, String> present) {
    Map<String, String> after = clearLabels ? new TreeMap<>() : new TreeMap<>(present);
    labels.forEach((key, change) -> after.compute(key, (k, value) -> applied(change, value)));
    return Collections.unmodifiableMap(after);
  }

  private static @Nullable String applied(Change change, @Nullable String present) {
    return switch (change) {
      case Change.Keep keep -> present;
      case Change.Clear clear -> null;
      case Change.To to -> to.value();
    };
  }
}

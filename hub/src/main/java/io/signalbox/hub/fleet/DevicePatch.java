package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Device;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A merge patch (RFC 7396) of a device.
 *
 * @param labels changes by key; other labels stay
 * @param clearLabels whether to remove all labels first
 * @param enabled null to keep
 */
public record DevicePatch(
    Change name,
    Change type,
    Map<String, Change> labels,
    boolean clearLabels,
    @Nullable Boolean enabled) {

  /** The empty patch. */
  public static final DevicePatch NOTHING =
      new DevicePatch(new Change.Keep(), new Change.Keep(), Map.of(), false, null);

  /** Change of a field. */
  public sealed interface Change {
    /** The field stays. */
    record Keep() implements Change {}

    /** The field is removed. */
    record Clear() implements Change {}

    /** The field gets a value. */
    record To(String value) implements Change {}

    /** The change to a value; null removes the field. */
    static Change of(@Nullable String value) {
      return value == null ? new Clear() : new To(value);
    }
  }

  /** The patch with a new name; null removes it. */
  public DevicePatch withName(@Nullable String value) {
    return new DevicePatch(Change.of(value), type, labels, clearLabels, enabled);
  }

  /** The patch with a new type; null removes it. */
  public DevicePatch withType(@Nullable String value) {
    return new DevicePatch(name, Change.of(value), labels, clearLabels, enabled);
  }

  /** The patch with a label; null removes it. */
  public DevicePatch withLabel(String key, @Nullable String value) {
    Map<String, Change> more = new TreeMap<>(labels);
    more.put(key, Change.of(value));
    return new DevicePatch(name, type, more, clearLabels, enabled);
  }

  /** The patch that removes all present labels. */
  public DevicePatch withoutLabels() {
    return new DevicePatch(name, type, labels, true, enabled);
  }

  /** The patch that enables or disables the device. */
  public DevicePatch withEnabled(boolean value) {
    return new DevicePatch(name, type, labels, clearLabels, value);
  }

  /** The changed device. {@code INVALID} if it violates a rule. */
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

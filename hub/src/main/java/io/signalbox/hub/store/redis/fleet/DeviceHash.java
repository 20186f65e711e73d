package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.keys.KeyHash;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.store.fleet.DeviceText;
import io.signalbox.hub.store.fleet.LabelJson;
import io.signalbox.hub.store.redis.RedisKeys;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Encoding of a device as the hash {@code device:DEVICE}, which exists if and only if the device is
 * registered: {@code n} the name, {@code t} the type, {@code l} the labels as a JSON object, {@code
 * e} whether it is enabled, 1 or 0, {@code c} when it was registered, {@code s} what queries search
 * if lower case of ASCII is not enough, {@code k} the hash of the key and the time of its
 * reservation, {@code r} the revision of its queue.
 */
final class DeviceHash {
  /** Number of fields that {@link #read} reads. */
  static final int READ_FIELDS = 5;

  /** Digits of the time in a member of {@code created}. */
  static final int DATE_DIGITS = 15;

  /** Before each value in the arguments of scripts, because an empty one is no value. */
  private static final String VALUE = "=";

  private DeviceHash() {}

  /** Reads a device for {@link #parse}. */
  static Request read(RedisKeys keys, String id) {
    Request request = Request.cmd(Command.HMGET).arg(keys.of(id, "device"));
    return request.arg("e").arg("c").arg("n").arg("t").arg("l");
  }

  static Optional<Device> parse(String id, Response fields) {
    Response enabled = fields.get(0);
    return enabled == null
        ? Optional.empty()
        : Optional.of(
            new Device(
                id,
                text(fields.get(2)),
                text(fields.get(3)),
                LabelJson.parse(fields.get(4).toString()),
                enabled.toString().equals("1"),
                fields.get(1).toLong()));
  }

  private static @Nullable String text(@Nullable Response field) {
    return field == null ? null : field.toString();
  }

  /** Fields and values of a new device, without those that its registration adds. */
  static List<Object> fields(Device device) {
    List<Object> fields = new ArrayList<>(List.of("e", enabled(device)));
    add(fields, "n", device.name());
    add(fields, "t", device.type());
    add(fields, "l", LabelJson.of(device.labels()));
    add(fields, "s", search(device));
    return fields;
  }

  private static void add(List<Object> fields, String name, @Nullable String value) {
    if (value != null) {
      fields.add(name);
      fields.add(value);
    }
  }

  /** The device as it was read, for {@code update-device.lua}. */
  static List<Object> compared(Device device) {
    return List.of(
        VALUE + enabled(device),
        VALUE + device.created(),
        value(device.name()),
        value(device.type()),
        VALUE + LabelJson.of(device.labels()));
  }

  /** The changed device, for {@code update-device.lua}. */
  static List<Object> changed(Device device) {
    return List.of(
        VALUE + enabled(device),
        value(device.name()),
        value(device.type()),
        VALUE + LabelJson.of(device.labels()),
        value(search(device)));
  }

  private static String value(@Nullable String text) {
    return text == null ? "" : VALUE + text;
  }

  private static String enabled(Device device) {
    return device.enabled() ? "1" : "0";
  }

  /** Null if the scripts, which know lower case of ASCII only, make it of the other fields. */
  private static @Nullable String search(Device device) {
    String lines = DeviceText.lines(device);
    String search = DeviceText.search(device);
    return search.equals(asciiLower(lines)) ? null : search;
  }

  private static String asciiLower(String text) {
    StringBuilder lower = new StringBuilder(text);
    for (int i = 0; i < lower.length(); i++) {
      char each = lower.charAt(i);
      if (each >= 'A' && each <= 'Z') {
        lower.setCharAt(i, (char) (each + ('a' - 'A')));
      }
    }
    return lower.toString();
  }

  /** Member of the device in {@code names}, as in {@code title.lua}. */
  static String titled(Device device) {
    return titled(DeviceText.title(device), device.id());
  }

  static String titled(String title, String id) {
    return title + '\0' + id;
  }

  /** Member of a device in {@code created}, as in {@code title.lua}. */
  static String dated(long created, String id) {
    return String.format(Locale.ROOT, "%0" + DATE_DIGITS + "d%s", created, id);
  }

  /** The hash of a key as text. */
  static String text(KeyHash key) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(key.bytes());
  }
}

package io.signalbox.hub.store.fleet;

import io.signalbox.hub.fleet.DeviceQuery;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Text of devices by which lists are sorted and searched, for all stores. */
public final class DeviceText {
  private static final int MAX_WORDS = 16;

  private DeviceText() {}

  /** Sort key of lists by name. */
  public static String title(Device device) {
    String name = device.name();
    return (name == null ? device.id() : name).toLowerCase(Locale.ROOT);
  }

  /** Text that queries search, one field per line, because search words have no line breaks. */
  public static String search(Device device) {
    return lines(device).toLowerCase(Locale.ROOT);
  }

  /** The same text before it is changed to lower case: id, name, type and each label. */
  public static String lines(Device device) {
    StringJoiner lines = new StringJoiner("\n");
    lines.add(device.id());
    lines.add(device.name() == null ? "" : device.name());
    lines.add(device.type() == null ? "" : device.type());
    device.labels().forEach((key, value) -> lines.add(key + ":" + value));
    return lines.toString();
  }

  /** The words that must occur in the text. {@code INVALID} if there are too many. */
  public static List<String> words(DeviceQuery query) {
    String text = query.text() == null ? "" : query.text().strip().toLowerCase(Locale.ROOT);
    List<String> words = text.isEmpty() ? List.of() : List.of(text.split("\\s+"));
    if (words.size() > MAX_WORDS) {
      throw new Refusal(ErrorCode.INVALID, "q", "q must have at most " + MAX_WORDS + " words");
    }
    return words;
  }
}

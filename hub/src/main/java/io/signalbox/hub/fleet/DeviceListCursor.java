package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cursor of a device list: after the device with that sort value and id. Unlike an offset it stays
 * valid while devices are added and removed.
 *
 * @param sort sort order
 * @param value sort value of the last device, as text; empty if sorted by id
 * @param id id of the last device
 * @param total number of devices when the first page was read, so that they are counted once
 */
public record DeviceListCursor(
    DeviceQuery.Sort sort, boolean descending, String value, String id, long total) {
  private static final Pattern TEXT = Pattern.compile("(\\w+) (up|down) (\\d{1,18}) (\\S+) (.*)");

  /** The opaque cursor for clients. */
  public String cursor() {
    String way = descending ? "down" : "up";
    String text = "%s %s %d %s %s".formatted(sort, way, total, id, value);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Parses the cursor of a query; {@code INVALID} if it belongs to another list. */
  public static DeviceListCursor of(DeviceQuery query, String cursor) {
    Matcher parts = TEXT.matcher(text(cursor));
    boolean fits =
        parts.matches()
            && parts.group(1).equals(query.sort().name())
            && parts.group(2).equals(query.descending() ? "down" : "up");
    if (!fits) {
      throw foreignCursor();
    }
    return new DeviceListCursor(
        query.sort(),
        query.descending(),
        parts.group(5),
        parts.group(4),
        Long.parseLong(parts.group(3)));
  }

  private static String text(String cursor) {
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notBase64) {
      throw foreignCursor();
    }
  }

  private static Refusal foreignCursor() {
    return new Refusal(
        Refusal.ErrorCode.INVALID, "cursor", "cursor is invalid for this sort order");
  }
}

package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a list of devices: after the device with that id and that sort value. It holds its
 * place while devices come and go, which a count of devices passed would not.
 *
 * @param sort what the list is ordered by
 * @param value of the last device seen, as text; empty if the list is ordered by id
 * @param id of the last device seen
 * @param total how many devices the list had when its first page was read, so that it is counted
 *     once
 */
public record DeviceListCursor(
    DeviceQuery.Sort sort, boolean descending, String value, String id, long total) {
  private static final Pattern TEXT = Pattern.compile("(\\w+) (up|down) (\\d{1,18}) (\\S+) (.*)");

  /** The opaque text for clients. */
  public String cursor() {
    String way = descending ? "down" : "up";
    String text = "%s %s %d %s %s".formatted(sort, way, total, id, value);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The place that a query's cursor names; refuses one of another list with {@code INVALID}. */
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
        Refusal.ErrorCode.INVALID, "cursor", "the cursor is not one of a list with this order");
  }
}

package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A place in a list of devices: after the device with that id and that sort value. It holds its
 * place while devices come and go, which a count of devices passed would not.
 *
 * @param sort what the list is ordered by
 * @param value of the last device seen, as text; empty if the list is ordered by id
 * @param id of the last device seen
 */
public record ListPlace(DeviceQuery.Sort sort, boolean descending, String value, String id) {
  /** The opaque text for clients. */
  public String cursor() {
    String text = "%s %s %s %s".formatted(sort, descending ? "down" : "up", id, value);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The place that a query's cursor names; refuses one of another list with {@code INVALID}. */
  public static ListPlace of(DeviceQuery query, String cursor) {
    String[] parts = text(cursor).split(" ", 4);
    boolean fits =
        parts.length == 4
            && parts[0].equals(query.sort().name())
            && parts[1].equals(query.descending() ? "down" : "up");
    if (!fits) {
      throw foreign();
    }
    return new ListPlace(query.sort(), query.descending(), parts[3], parts[2]);
  }

  private static String text(String cursor) {
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notBase64) {
      throw foreign();
    }
  }

  private static Refusal foreign() {
    return new Refusal(
        Refusal.Kind.INVALID, "cursor", "the cursor is not one of a list with this order");
  }
}

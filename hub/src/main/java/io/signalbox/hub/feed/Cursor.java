package io.signalbox.hub.feed;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cursor of a client: {@code EPOCH-OFFSET}. The epoch identifies one life of the feed, the offset
 * is the {@link FeedPosition} that the client has received everything up to. If subscriptions share
 * a cursor and some are further than others, the offset is what all have received, and those ahead
 * of it follow with their own: {@code EPOCH-OFFSET~ID-OFFSET}.
 *
 * @param deliveredUpTo last event that all subscriptions have received
 * @param ahead the same for subscriptions that are further, by id
 */
record Cursor(String epoch, FeedPosition deliveredUpTo, Map<Long, FeedPosition> ahead) {
  private static final int LONGEST = 8 * 1024;

  /** Parses a cursor; null if it is malformed. */
  static @Nullable Cursor parse(String text) {
    String[] parts = text.length() > LONGEST ? new String[0] : text.split("~", -1);
    int dash = parts.length == 0 ? -1 : parts[0].lastIndexOf('-');
    if (dash < 0) {
      return null;
    }
    try {
      Map<Long, FeedPosition> ahead = new HashMap<>();
      for (int i = 1; i < parts.length; i++) {
        int middle = parts[i].indexOf('-');
        long id = Long.parseLong(parts[i], 0, middle, 10);
        ahead.put(id, FeedPosition.parse(parts[i], middle + 1, parts[i].length()));
      }
      String epoch = parts[0].substring(0, dash);
      return new Cursor(epoch, FeedPosition.parse(parts[0], dash + 1, parts[0].length()), ahead);
    } catch (NumberFormatException | IndexOutOfBoundsException nonsense) {
      return null;
    }
  }

  /** Last event that a subscription has received. */
  FeedPosition of(long id) {
    return ahead.getOrDefault(id, deliveredUpTo);
  }

  /** The cursor as text. */
  String text() {
    StringBuilder text = new StringBuilder(deliveredUpTo.text(epoch));
    ahead.forEach((id, position) -> text.append('~').append(position.text(id.toString())));
    return text.toString();
  }
}

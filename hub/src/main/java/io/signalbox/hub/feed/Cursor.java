package io.signalbox.hub.feed;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Position in the feed as text for clients: {@code EPOCH-OFFSET}. The epoch identifies one life of
 * the feed, the offset counts events from 1. If subscriptions share a cursor and some are further
 * than others, the offset is what all have received, and those ahead of it follow with their own:
 * {@code EPOCH-OFFSET~ID-OFFSET}.
 *
 * @param deliveredUpTo last event that all subscriptions have received
 * @param ahead the same for subscriptions that are further, by id
 */
record Cursor(String epoch, long deliveredUpTo, Map<Long, Long> ahead) {
  private static final int LONGEST = 8 * 1024;

  /** Parses a cursor; null if it is malformed. */
  static @Nullable Cursor parse(String text) {
    String[] parts = text.length() > LONGEST ? new String[0] : text.split("~", -1);
    int dash = parts.length == 0 ? -1 : parts[0].lastIndexOf('-');
    if (dash < 0) {
      return null;
    }
    try {
      Map<Long, Long> ahead = new HashMap<>();
      for (int i = 1; i < parts.length; i++) {
        int middle = parts[i].indexOf('-');
        ahead.put(number(parts[i], 0, middle), number(parts[i], middle + 1, parts[i].length()));
      }
      String epoch = parts[0].substring(0, dash);
      return new Cursor(epoch, number(parts[0], dash + 1, parts[0].length()), ahead);
    } catch (NumberFormatException | IndexOutOfBoundsException nonsense) {
      return null;
    }
  }

  private static long number(String text, int from, int to) {
    return Long.parseLong(text, from, to, 10);
  }

  /** Last event that a subscription has received. */
  long of(long id) {
    return ahead.getOrDefault(id, deliveredUpTo);
  }

  /** The cursor as text. */
  String text() {
    StringBuilder text = new StringBuilder(epoch).append('-').append(deliveredUpTo);
    ahead.forEach((id, offset) -> text.append('~').append(id).append('-').append(offset));
    return text.toString();
  }
}

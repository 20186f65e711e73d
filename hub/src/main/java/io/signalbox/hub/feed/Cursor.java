package io.signalbox.hub.feed;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far somebody has been told, as text for the client to keep: {@code EPOCH-OFFSET}. The epoch
 * tells one life of the feed from another, the offset counts events from 1. Where several
 * subscriptions share a cursor and some are further on than others, the offset is what all have
 * been told, and those that are ahead of it follow with their own: {@code EPOCH-OFFSET~ID-OFFSET}.
 *
 * @param deliveredUpTo everything up to here
 * @param ahead the same of subscriptions that have been told more, by id
 */
record Cursor(String epoch, long deliveredUpTo, Map<Long, Long> ahead) {
  private static final int LONGEST = 8 * 1024;

  /** Reads a cursor; null if it is none. */
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

  /** How far a subscription has been told. */
  long of(long id) {
    return ahead.getOrDefault(id, deliveredUpTo);
  }

  /** The text for the client. */
  String text() {
    StringBuilder text = new StringBuilder(epoch).append('-').append(deliveredUpTo);
    ahead.forEach((id, offset) -> text.append('~').append(id).append('-').append(offset));
    return text.toString();
  }
}

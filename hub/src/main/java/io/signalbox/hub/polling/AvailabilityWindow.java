package io.signalbox.hub.polling;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Daily time window, UTC, in which a device can be reached.
 *
 * @param from start, in milliseconds after midnight
 * @param to end, in milliseconds after midnight; on the next day if before {@code from}
 */
public record AvailabilityWindow(int from, int to) {
  private static final Pattern NOTATION =
      Pattern.compile("([01]\\d|2[0-3]):([0-5]\\d)-([01]\\d|2[0-3]):([0-5]\\d)");

  private static final int MINUTE = 60_000;
  private static final int DAY = 24 * 60 * MINUTE;

  /** Parses {@code 22:00-06:30}; throws {@code IllegalArgumentException} if invalid. */
  public static AvailabilityWindow of(String text) {
    Matcher parts = NOTATION.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "must be a time range of the day in UTC such as 22:00-06:30");
    }
    return new AvailabilityWindow(minutes(parts, 1) * MINUTE, minutes(parts, 3) * MINUTE);
  }

  /** Length in milliseconds; a window with equal start and end lasts all day. */
  long length() {
    return from == to ? DAY : Math.floorMod(to - from, DAY);
  }

  /** Milliseconds until the window opens; 0 while it is open. */
  long opensIn(long instant) {
    int into = (int) Math.floorMod(instant - from, (long) DAY);
    return into < length() ? 0 : DAY - into;
  }

  @Override
  public String toString() {
    return clock(from) + "-" + clock(to);
  }

  private static int minutes(Matcher parts, int group) {
    return Integer.parseInt(parts.group(group)) * 60 + Integer.parseInt(parts.group(group + 1));
  }

  private static String clock(int millis) {
    int minutes = millis / MINUTE;
    return String.format("%02d:%02d", minutes / 60, minutes % 60);
  }
}

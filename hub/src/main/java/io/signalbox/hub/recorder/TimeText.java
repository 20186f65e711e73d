package io.signalbox.hub.recorder;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Formats times and durations for texts. */
public final class TimeText {
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private TimeText() {}

  /** A duration in its two largest units, such as {@code 3 min 10 s}. */
  public static String words(long millis) {
    long span = Math.max(0, millis);
    if (span < SECOND) {
      return span + " ms";
    }
    if (span < MINUTE) {
      return span / SECOND + " s";
    }
    if (span < HOUR) {
      return two(span, MINUTE, "min", SECOND, "s");
    }
    return span < DAY ? two(span, HOUR, "h", MINUTE, "min") : two(span, DAY, "d", HOUR, "h");
  }

  private static String two(long span, long large, String its, long small, String other) {
    long rest = span % large / small;
    return span / large + " " + its + (rest == 0 ? "" : " " + rest + " " + other);
  }

  /** A time: {@code 2026-11-22 16:40:00 UTC}. */
  public static String moment(long ts) {
    return MOMENT.format(Instant.ofEpochMilli(ts)) + " UTC";
  }

  /** A period with the date written once: {@code 2026-11-22 16:40:00 to 16:52:10 UTC}. */
  public static String fromTo(long from, long to) {
    boolean sameDay = from / DAY == to / DAY;
    String start = MOMENT.format(Instant.ofEpochMilli(from));
    return start + " to " + (sameDay ? TIME : MOMENT).format(Instant.ofEpochMilli(to)) + " UTC";
  }
}

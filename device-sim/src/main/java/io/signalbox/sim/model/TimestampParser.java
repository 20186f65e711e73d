package io.signalbox.sim.model;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Parses timestamps of recordings: {@code YYYY-MM-DD HH:MM:SS}, ISO 8601 with or without an offset
 * (default UTC), a date, or Unix time in seconds or milliseconds.
 */
final class TimestampParser {
  private static final Pattern EPOCH = Pattern.compile("\\d{9,13}(\\.\\d+)?");
  private static final Pattern OFFSET = Pattern.compile("T.*(Z|[+-]\\d{2}:\\d{2})$");
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

  /** Numbers from here on are milliseconds: as seconds this would be the year 5138. */
  private static final BigDecimal MILLIS_FROM = BigDecimal.valueOf(100_000_000_000L);

  private TimestampParser() {}

  /** Unix milliseconds; empty if the text is not a timestamp. */
  static OptionalLong parse(String text) {
    try {
      return OptionalLong.of(EPOCH.matcher(text).matches() ? epoch(text) : calendar(text));
    } catch (DateTimeException notATime) {
      return OptionalLong.empty();
    }
  }

  private static long epoch(String text) {
    BigDecimal number = new BigDecimal(text);
    BigDecimal millis = number.compareTo(MILLIS_FROM) < 0 ? number.movePointRight(3) : number;
    return millis.setScale(0, RoundingMode.HALF_UP).longValueExact();
  }

  private static long calendar(String text) {
    if (DATE.matcher(text).matches()) {
      return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }
    String iso = text.replaceFirst("(?<=^\\d{4}-\\d{2}-\\d{2}) +", "T");
    return OFFSET.matcher(iso).find()
        ? OffsetDateTime.parse(iso).toInstant().toEpochMilli()
        : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC).toEpochMilli();
  }
}

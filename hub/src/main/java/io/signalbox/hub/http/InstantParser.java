package io.signalbox.hub.http;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.wire.IsoInstant;
import io.signalbox.hub.wire.TimestampUnit;
import java.time.DateTimeException;

/**
 * Parses an instant in a request: Unix milliseconds, or ISO 8601 with an offset. A number that is
 * an instant of our time only in another unit is refused with that unit's name: as milliseconds,
 * seconds would be a day of January 1970.
 */
public final class InstantParser {
  private static final int AFTER_DATE = 10; // a space is allowed instead of T

  private InstantParser() {}

  /** The instant in Unix milliseconds. Throws INVALID with the field's name. */
  public static long parse(String field, String text) {
    try {
      return isNumber(text) ? millis(field, Long.parseLong(text)) : iso(text);
    } catch (NumberFormatException | DateTimeException | ArithmeticException unreadable) {
      throw new Refusal(
          ErrorCode.INVALID,
          field,
          field + " must be Unix milliseconds or ISO 8601 with an offset");
    }
  }

  /** The number itself. Throws INVALID if it looks like seconds, microseconds or nanoseconds. */
  public static long millis(String field, long number) {
    TimestampUnit unit = TimestampUnit.guess((double) number);
    if (unit == null || unit == TimestampUnit.MILLISECONDS) {
      return number;
    }
    String fault = "%s looks like %s; expected Unix milliseconds".formatted(field, unit.words());
    throw new Refusal(ErrorCode.INVALID, field, fault);
  }

  private static boolean isNumber(String text) {
    return text.chars().skip(text.startsWith("-") ? 1 : 0).allMatch(c -> c >= '0' && c <= '9');
  }

  // A "+01:00" that was not percent-encoded in a query arrives as " 01:00".
  private static long iso(String text) {
    int space = text.lastIndexOf(' ');
    boolean plus = space > AFTER_DATE && Character.isDigit(text.charAt(text.length() - 1));
    return IsoInstant.parse(
        plus ? text.substring(0, space) + '+' + text.substring(space + 1) : text);
  }
}

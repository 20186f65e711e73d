package io.signalbox.hub.http;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.wire.IsoInstant;
import java.time.DateTimeException;

/** Parses an instant in a request: Unix milliseconds, or ISO 8601 with an offset. */
public final class InstantParser {
  private static final int AFTER_DATE = 10; // a space is allowed instead of T

  private InstantParser() {}

  /** The instant in Unix milliseconds. Throws INVALID with the field's name. */
  public static long parse(String field, String text) {
    try {
      return isNumber(text) ? Long.parseLong(text) : iso(text);
    } catch (NumberFormatException | DateTimeException | ArithmeticException unreadable) {
      throw new Refusal(
          ErrorCode.INVALID,
          field,
          field + " must be Unix milliseconds or ISO 8601 with an offset");
    }
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

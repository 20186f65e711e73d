package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import io.signalbox.hub.model.Refusal;
import java.io.IOException;
import java.time.DateTimeException;
import org.jspecify.annotations.Nullable;

/**
 * Parser of timestamps: whole Unix milliseconds, or an ISO 8601 instant with an offset; in CBOR
 * also tags 0 and 1 (RFC 8949, section 3.4). A number that is plausible only in another unit is
 * refused with that unit's name; as milliseconds it would be in 1970 or far in the future.
 *
 * @param now the hub's clock, Unix milliseconds
 * @param futureMillis maximum lead of a timestamp over the hub's clock, in milliseconds
 * @param unit the unit of numbers without a tag
 */
record TimestampParser(long now, long futureMillis, TimestampUnit unit) {
  /**
   * 3 March 1973. In seconds the same number is the year 5138, so smaller numbers are seconds or
   * come from clocks that were never set.
   */
  static final long EARLIEST = 100_000_000_000L;

  private static final int EPOCH_SECONDS = 1;

  TimestampParser(long now, PayloadLimits limits) {
    this(now, limits.futureMillis(), TimestampUnit.MILLISECONDS);
  }

  /** The current value as a timestamp, in Unix milliseconds. */
  long read(JsonParser in) throws IOException {
    boolean tagged = in instanceof CBORParser cbor && cbor.getCurrentTag() == EPOCH_SECONDS;
    JsonToken token = in.currentToken();
    if (token == JsonToken.VALUE_STRING) {
      return checked(in, iso(in), TimestampUnit.MILLISECONDS);
    }
    if (token == null || !token.isNumeric()) {
      throw wrong(in, "must be Unix " + unit.words() + " or an ISO 8601 string");
    }
    return checked(in, Numbers.read(in), tagged ? TimestampUnit.SECONDS : unit);
  }

  private static double iso(JsonParser in) throws IOException {
    try {
      return IsoInstant.parse(in.getText());
    } catch (DateTimeException | ArithmeticException e) {
      throw wrong(in, "must be an ISO 8601 instant with an offset, such as 2026-11-22T13:00:00Z");
    }
  }

  /** The Unix milliseconds of a plausible number; otherwise a refusal that suggests a unit. */
  long checked(JsonParser in, double number, TimestampUnit counted) {
    String fault = fault(number, counted);
    if (fault != null) {
      throw wrong(in, fault);
    }
    return Math.round(counted.millis(number));
  }

  /** The error of a number as a timestamp; null if it is valid. */
  @Nullable String fault(double number, TimestampUnit counted) {
    double millis = counted.millis(number);
    if (!isPlausible(millis)) {
      return implausible(number, counted);
    }
    boolean whole = counted != TimestampUnit.MILLISECONDS || millis == Math.rint(millis);
    return whole ? null : "must be a whole number of Unix milliseconds";
  }

  private boolean isPlausible(double millis) {
    return millis >= EARLIEST && millis <= now + futureMillis;
  }

  private String implausible(double number, TimestampUnit counted) {
    for (TimestampUnit other : TimestampUnit.values()) {
      if (isPlausible(other.millis(number))) {
        return "looks like " + other.words() + "; expected Unix " + counted.words();
      }
    }
    if (number < 0) {
      return "is before 1970";
    }
    return counted.millis(number) < EARLIEST
        ? "is before March 1973; set the device's clock, or omit ts to use the time of arrival"
        : "is more than " + futureMillis / 3_600_000 + " h ahead of the hub's clock";
  }

  private static Refusal wrong(JsonParser in, String what) {
    return DecodeErrors.at(in, Refusal.ErrorCode.BAD_TIMESTAMP, what);
  }
}

package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import io.signalbox.hub.model.Refusal;
import java.io.IOException;
import java.time.DateTimeException;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code ts}: whole Unix milliseconds, or an ISO 8601 instant with its offset; in CBOR also
 * tags 0 and 1 (RFC 8949, section 3.4). A number that is a time only in another unit is refused
 * with that unit's name: taken for milliseconds it would be kept in 1970, or lie far ahead.
 *
 * @param now the hub's clock, Unix milliseconds
 * @param futureMillis how far ahead of it a timestamp may lie
 * @param unit of numbers without a tag
 */
record TimestampParser(long now, long futureMillis, TimestampUnit unit) {
  /**
   * 3 March 1973. As seconds the same number is the year 5138, so below it are only seconds, and
   * clocks that were never set.
   */
  static final long EARLIEST = 100_000_000_000L;

  private static final int EPOCH_SECONDS = 1;

  TimestampParser(long now, PayloadLimits limits) {
    this(now, limits.futureMillis(), TimestampUnit.MILLISECONDS);
  }

  /** The timestamp that the parser is at. */
  long read(JsonParser in) throws IOException {
    boolean tagged = in instanceof CBORParser cbor && cbor.getCurrentTag() == EPOCH_SECONDS;
    JsonToken token = in.currentToken();
    if (token == JsonToken.VALUE_STRING) {
      return checked(in, iso(in), TimestampUnit.MILLISECONDS);
    }
    if (token == null || !token.isNumeric()) {
      throw wrong(in, "is neither Unix " + unit.words() + " nor an ISO 8601 text");
    }
    return checked(in, Numbers.read(in), tagged ? TimestampUnit.SECONDS : unit);
  }

  private static double iso(JsonParser in) throws IOException {
    try {
      return IsoInstant.parse(in.getText());
    } catch (DateTimeException | ArithmeticException e) {
      throw wrong(in, "is no ISO 8601 instant with an offset, as 2026-11-22T13:00:00Z");
    }
  }

  /** The milliseconds of a number that is a time, or a refusal that says what it looks like. */
  long checked(JsonParser in, double number, TimestampUnit counted) {
    String fault = fault(number, counted);
    if (fault != null) {
      throw wrong(in, fault);
    }
    return Math.round(counted.millis(number));
  }

  /** What is wrong with a number that should be a time; null if it is one. */
  @Nullable String fault(double number, TimestampUnit counted) {
    double millis = counted.millis(number);
    if (!isPlausible(millis)) {
      return instead(number, counted);
    }
    boolean whole = counted != TimestampUnit.MILLISECONDS || millis == Math.rint(millis);
    return whole ? null : "is not whole: Unix milliseconds are meant";
  }

  private boolean isPlausible(double millis) {
    return millis >= EARLIEST && millis <= now + futureMillis;
  }

  private String instead(double number, TimestampUnit counted) {
    for (TimestampUnit other : TimestampUnit.values()) {
      if (isPlausible(other.millis(number))) {
        return "looks like " + other.words() + "; expected Unix " + counted.words();
      }
    }
    if (number < 0) {
      return "lies before 1970";
    }
    return counted.millis(number) < EARLIEST
        ? "lies before March 1973: was the clock ever set? Without ts the hub stamps readings"
        : "lies more than " + futureMillis / 3_600_000 + " h ahead of the hub's clock";
  }

  private static Refusal wrong(JsonParser in, String what) {
    return DecodeErrors.at(in, Refusal.ErrorCode.BAD_TIMESTAMP, what);
  }
}

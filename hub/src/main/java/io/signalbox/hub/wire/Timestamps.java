package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import io.signalbox.hub.model.Refusal;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;

/**
 * Reads {@code ts}: whole Unix milliseconds, or an ISO 8601 instant with its offset; in CBOR also
 * tags 0 and 1 (RFC 8949, section 3.4).
 *
 * @param now the hub's clock, Unix milliseconds
 */
record Timestamps(long now, long futureMillis) {
  private static final int EPOCH_SECONDS = 1;

  /** The timestamp that the parser is at. */
  long read(JsonParser in) throws IOException {
    boolean seconds = in instanceof CBORParser cbor && cbor.getCurrentTag() == EPOCH_SECONDS;
    JsonToken token = in.currentToken();
    if (token == JsonToken.VALUE_STRING) {
      return checked(in, iso(in));
    }
    if (token == null || !token.isNumeric()) {
      throw wrong(in, "is neither Unix milliseconds nor an ISO 8601 text");
    }
    double number = Numbers.read(in);
    return checked(in, seconds ? Math.round(number * 1000) : whole(in, number));
  }

  private static long whole(JsonParser in, double millis) {
    if (millis != Math.rint(millis)) {
      throw wrong(in, "is not whole: Unix milliseconds are meant");
    }
    return (long) millis;
  }

  private static long iso(JsonParser in) throws IOException {
    try {
      return OffsetDateTime.parse(in.getText()).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw wrong(in, "is no ISO 8601 instant with an offset, as 2026-11-22T13:00:00Z");
    }
  }

  /** Passes a timestamp, or refuses it when it cannot be right. */
  long checked(JsonParser in, long millis) {
    if (millis < 0) {
      throw wrong(in, "lies before 1970");
    }
    if (millis > now + futureMillis) {
      throw wrong(in, "lies more than " + futureMillis / 3_600_000 + " h ahead of the hub's clock");
    }
    return millis;
  }

  private static Refusal wrong(JsonParser in, String what) {
    return Faults.at(in, Refusal.Kind.BAD_TIMESTAMP, what);
  }
}

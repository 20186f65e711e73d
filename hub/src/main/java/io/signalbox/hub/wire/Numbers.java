package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import io.signalbox.hub.model.Refusal;
import java.io.IOException;

/** The protocol's numbers: finite binary64, written in their shortest exact form. */
public final class Numbers {
  private static final double EXACT = 1L << 53;

  private Numbers() {}

  /**
   * The shortest text that reads back as the same double: {@code 21}, {@code 21.4}, {@code -0.0},
   * {@code 1.0E300}. Valid in JSON and CSV.
   */
  public static String text(double number) {
    boolean whole = number == Math.rint(number) && Math.abs(number) < EXACT;
    boolean minusZero = number == 0 && 1 / number < 0;
    return whole && !minusZero ? Long.toString((long) number) : Double.toString(number);
  }

  /** The current number, rounded to the nearest double, ties to even. */
  static double read(JsonParser in) throws IOException {
    return switch (in.getNumberType()) {
      case INT, LONG -> whole(in);
      case FLOAT, DOUBLE -> finite(in, in.getDoubleValue());
      case BIG_INTEGER, BIG_DECIMAL -> big(in);
    };
  }

  private static double whole(JsonParser in) throws IOException {
    long number = in.getLongValue();
    boolean minusZero = number == 0 && isText(in) && in.getText().startsWith("-");
    return minusZero ? -0.0 : number;
  }

  private static double big(JsonParser in) throws IOException {
    if (!isText(in) && isBig(in)) {
      String what = "must be a 64-bit integer or a double; got a big number (CBOR tags 2 to 5)";
      throw DecodeErrors.at(in, Refusal.ErrorCode.INVALID, what);
    }
    return finite(in, in.getDoubleValue());
  }

  /**
   * Whether the number is encoded as a big number (RFC 8949, 3.4.3 and 3.4.4), large or small. The
   * parser returns plain CBOR integers as BigInteger only if they need all 64 bits. It reads the
   * sign of small big numbers wrong.
   */
  private static boolean isBig(JsonParser in) throws IOException {
    return in.getNumberType() == JsonParser.NumberType.BIG_DECIMAL
        || in.getBigIntegerValue().bitLength() != 64;
  }

  private static double finite(JsonParser in, double number) {
    if (!Double.isFinite(number)) {
      JsonLocation at = in.currentTokenLocation();
      String position =
          isText(in) ? " (line %d, column %d)".formatted(at.getLineNr(), at.getColumnNr()) : "";
      throw DecodeErrors.at(in, Refusal.ErrorCode.NOT_FINITE, "must be a finite number" + position);
    }
    return number;
  }

  /** The current number as JSON text; a number written in digits keeps its spelling. */
  static String literal(JsonParser in) throws IOException {
    double number = read(in);
    if (isText(in)) {
      return in.getText();
    }
    boolean whole = in.currentToken() == JsonToken.VALUE_NUMBER_INT;
    return whole ? in.getNumberValue().toString() : text(number);
  }

  /** Like {@link #literal}, but accepts digits beyond the range of doubles. */
  static String asWritten(JsonParser in) throws IOException {
    return isText(in) ? in.getText() : literal(in);
  }

  /** Whether the number was written in digits, which CBOR does not have. */
  private static boolean isText(JsonParser in) {
    return !(in instanceof CBORParser);
  }
}

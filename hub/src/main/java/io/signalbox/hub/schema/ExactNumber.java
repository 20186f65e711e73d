package io.signalbox.hub.schema;

import java.math.BigDecimal;

/** Numbers of JSON as exact decimals. Their exponents are bounded, so that arithmetic is cheap. */
final class ExactNumber {
  /** The range, for error messages. */
  static final String RANGE = "a number with an exponent from -400 to 400";

  private static final int MAX_EXPONENT = 400;
  private static final int MAX_PLAIN = 40;
  private static final BigDecimal MAX_COUNT = BigDecimal.valueOf(Integer.MAX_VALUE);

  private ExactNumber() {}

  /** Whether the number is within the range. */
  static boolean isSupported(String text) {
    int mark = Math.max(text.indexOf('e'), text.indexOf('E'));
    if (mark < 0) {
      return true;
    }
    String digits = text.substring(mark + 1).replaceFirst("^[+-]?0*", "");
    return digits.length() <= 3 && (digits.isEmpty() || Integer.parseInt(digits) <= MAX_EXPONENT);
  }

  /** The value of a supported number, without trailing zeros. */
  static BigDecimal of(String text) {
    return new BigDecimal(text).stripTrailingZeros();
  }

  /** Whether the number is whole. */
  static boolean isWhole(BigDecimal number) {
    return number.scale() <= 0;
  }

  /** Whether the number is whole, not negative, and fits into an int. */
  static boolean isCount(BigDecimal number) {
    return isWhole(number) && number.signum() >= 0 && number.compareTo(MAX_COUNT) <= 0;
  }

  /** The number for people: without an exponent if that is short. */
  static String shown(BigDecimal number) {
    boolean isShort = Math.abs(number.scale()) + number.precision() <= MAX_PLAIN;
    return isShort ? number.toPlainString() : number.toString();
  }
}

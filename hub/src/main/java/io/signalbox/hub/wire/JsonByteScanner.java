package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.io.NumberInput;
import io.signalbox.hub.model.Value;
import java.nio.charset.StandardCharsets;

/**
 * Scanner of ASCII JSON text. Each step either succeeds and advances, or reports that something
 * else follows; the position is then undefined. Used by one thread.
 */
final class JsonByteScanner {
  /** The result of {@link #next} at the end of the text. */
  static final int END = 256;

  private static final int MAX_NUMBER_LENGTH = 50;
  private static final int MAX_DIGITS = 15; // always exact as a long and as a double
  private static final long EXACT = 1L << 53;
  private static final double[] TENS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16
  };

  private final byte[] bytes;
  private final int end;
  private int at;
  private int textFrom;
  private int textTo;

  JsonByteScanner(Frame frame) {
    this.bytes = frame.bytes();
    this.at = frame.offset();
    this.end = frame.offset() + frame.length();
  }

  /** Skips white space and returns the next byte, which may be negative, or {@link #END}. */
  int next() {
    while (at < end) {
      byte c = bytes[at];
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return c;
      }
      at++;
    }
    return END;
  }

  /** Skips white space and consumes this character. */
  boolean eat(char c) {
    if (next() != c) {
      return false;
    }
    at++;
    return true;
  }

  /** Consumes these characters, without skipping white space. */
  boolean eat(String word) {
    textFrom = at;
    textTo = Math.min(end, at + word.length());
    at = textTo;
    return isText(word);
  }

  /** Consumes and remembers a string of printable ASCII without escapes. */
  boolean string() {
    if (!eat('"')) {
      return false;
    }
    textFrom = at;
    while (at < end) {
      byte c = bytes[at++];
      if (c == '"') {
        textTo = at - 1;
        return true;
      }
      if (c < 0x20 || c == 0x7f || c == '\\') {
        return false;
      }
    }
    return false;
  }

  /** Length of the remembered string. */
  int length() {
    return textTo - textFrom;
  }

  /** Whether the remembered string equals the text. */
  boolean isText(String text) {
    if (length() != text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (bytes[textFrom + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The remembered string as a reading's value. */
  Value.Text text() {
    return StateTexts.of(bytes, textFrom, textTo);
  }

  /** The remembered string as a metric's name. */
  String metric() {
    return MetricNameInterner.of(bytes, textFrom, textTo);
  }

  /** Consumes an integer of at most {@value #MAX_DIGITS} digits; -1 if there is none. */
  long whole() {
    next();
    int from = at;
    long number = digits(0);
    return isWhole(from) && at - from <= MAX_DIGITS ? number : -1;
  }

  /** Consumes a number, after {@link #next}; NaN if there is none or it is an unusual one. */
  double number() {
    int from = at;
    boolean negative = bytes[at] == '-';
    at += negative ? 1 : 0;
    int first = at;
    long mantissa = digits(0);
    if (!isWhole(first)) {
      return Double.NaN;
    }
    int decimals = 0;
    if (at < end && bytes[at] == '.') {
      int point = at++;
      mantissa = digits(mantissa);
      decimals = at - point - 1;
      if (decimals == 0) {
        return Double.NaN;
      }
    }
    boolean isShort = at - first <= MAX_DIGITS + 1 && mantissa < EXACT;
    if (isShort && !hasExponent()) {
      // Both operands are exact, so the quotient is rounded once, as by a parser.
      double number = mantissa / TENS[decimals];
      return negative ? -number : number;
    }
    return exponent() ? parsed(from) : Double.NaN;
  }

  /** Appends digits to a number; more than 18 digits overflow, which callers check. */
  private long digits(long number) {
    long sum = number;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      sum = sum * 10 + (bytes[at++] - '0');
    }
    return sum;
  }

  /** Whether the text since {@code from} is an integer without leading zeros. */
  private boolean isWhole(int from) {
    return at > from && (bytes[from] != '0' || at == from + 1);
  }

  private boolean hasExponent() {
    return at < end && (bytes[at] | 0x20) == 'e';
  }

  /** Consumes an optional exponent; false if it has no digits. */
  private boolean exponent() {
    if (!hasExponent()) {
      return true;
    }
    at++;
    if (at < end && (bytes[at] == '-' || bytes[at] == '+')) {
      at++;
    }
    int from = at;
    digits(0);
    return at > from;
  }

  private double parsed(int from) {
    if (at - from > MAX_NUMBER_LENGTH) {
      return Double.NaN;
    }
    String text = new String(bytes, from, at - from, StandardCharsets.ISO_8859_1);
    return NumberInput.parseDouble(text, true);
  }
}

package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.io.NumberInput;
import io.signalbox.hub.model.Value;
import java.nio.charset.StandardCharsets;

/**
 * A place in JSON text of ASCII. Its steps either succeed, and go on, or say that here is something
 * else; then the place is anywhere. Used by one thread.
 */
final class JsonByteScanner {
  /** What {@link #next} says at the end. */
  static final int END = 256;

  private static final int MOST_CHARACTERS = 50; // of a number
  private static final int MOST_DIGITS = 15; // of a number that surely fits a long and a double
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

  /** Passes white space, and says what comes: {@link #END}, or a byte, which may be negative. */
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

  /** Passes white space and this character. */
  boolean eat(char c) {
    if (next() != c) {
      return false;
    }
    at++;
    return true;
  }

  /** Passes these characters, and no white space. */
  boolean eat(String word) {
    textFrom = at;
    textTo = Math.min(end, at + word.length());
    at = textTo;
    return isText(word);
  }

  /** Passes a string of printable ASCII without escapes, and remembers it. */
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

  /** How long the remembered string is. */
  int length() {
    return textTo - textFrom;
  }

  /** Whether the remembered string is this one. */
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

  /** Passes a whole number of at most {@value #MOST_DIGITS} digits; -1 if there is none. */
  long whole() {
    next();
    int from = at;
    long number = digits(0);
    return isWhole(from) && at - from <= MOST_DIGITS ? number : -1;
  }

  /** Passes a number, after {@link #next}; NaN if there is none, or one that is not everyday. */
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
    boolean isShort = at - first <= MOST_DIGITS + 1 && mantissa < EXACT;
    if (isShort && !hasExponent()) {
      // Both are exact as doubles, so the quotient is rounded once: what parsing would give.
      double number = mantissa / TENS[decimals];
      return negative ? -number : number;
    }
    return exponent() ? parsed(from) : Double.NaN;
  }

  /** Adds digits to a number; more than 18 in all overflow, which the callers look out for. */
  private long digits(long number) {
    long sum = number;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      sum = sum * 10 + (bytes[at++] - '0');
    }
    return sum;
  }

  /** Whether digits stand from there to here, without a zero in front of others. */
  private boolean isWhole(int from) {
    return at > from && (bytes[from] != '0' || at == from + 1);
  }

  private boolean hasExponent() {
    return at < end && (bytes[at] | 0x20) == 'e';
  }

  /** Passes an exponent if there is one; false if it has no digits. */
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
    if (at - from > MOST_CHARACTERS) {
      return Double.NaN;
    }
    String text = new String(bytes, from, at - from, StandardCharsets.ISO_8859_1);
    return NumberInput.parseDouble(text, true);
  }
}

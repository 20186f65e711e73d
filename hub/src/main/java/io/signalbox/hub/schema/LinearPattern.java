package io.signalbox.hub.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A regular expression that is matched in time linear in the text (RE2). Back references and
 * look-around, which cannot be, are refused, and so are repetitions that multiply to a large
 * program. The syntax is that of ECMA-262 as far as both agree.
 */
final class LinearPattern {
  private static final int MAX_LENGTH = 256;

  /** Limit of the length after counted repetitions are written out. */
  private static final long MAX_EXPANDED = 2_000;

  /** White space and line terminators of ECMA-262, as members of a class. */
  private static final String SPACES = "\\t\\n\\x0b\\f\\r\\x{2028}\\x{2029}\\x{feff}\\p{Zs}";

  private final Pattern pattern;

  private LinearPattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * Compiles an expression.
   *
   * @throws IllegalArgumentException with the fault, if it cannot be used
   */
  static LinearPattern compile(String expression) {
    if (expression.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "must have at most %d characters, has %d".formatted(MAX_LENGTH, expression.length()));
    }
    if (expanded(expression) > MAX_EXPANDED) {
      throw new IllegalArgumentException("must not nest repetitions that expand to a huge pattern");
    }
    try {
      return new LinearPattern(Pattern.compile(ofEcma(expression)));
    } catch (PatternSyntaxException invalid) {
      throw new IllegalArgumentException(
          "must be a regular expression without look-around and back references: "
              + invalid.getDescription(),
          invalid);
    }
  }

  /** An upper bound of the work of matching a text, in units of a microsecond or so. */
  long cost(String text) {
    return 1 + (long) text.length() * pattern.programSize() / 512;
  }

  /** Whether the expression matches anywhere in the text. */
  boolean matches(String text) {
    return pattern.matcher(text).find();
  }

  /** The escapes of ECMA-262 that RE2 writes or means differently. */
  private static String ofEcma(String expression) {
    StringBuilder text = new StringBuilder(expression.length() + 16);
    boolean inClass = false;
    for (int at = 0; at < expression.length(); at++) {
      char c = expression.charAt(at);
      if (c != '\\' || at + 1 == expression.length()) {
        inClass = c == '[' || (inClass && c != ']');
        text.append(c);
        continue;
      }
      char escaped = expression.charAt(++at);
      if (escaped == 'u' && hexDigits(expression, at + 1) >= 4) {
        text.append("\\x{").append(expression, at + 1, at + 5).append('}');
        at += 4;
      } else if (escaped == 's') {
        text.append(inClass ? SPACES : "[" + SPACES + "]");
      } else if (escaped == 'S' && !inClass) {
        text.append("[^").append(SPACES).append(']');
      } else {
        text.append(c).append(escaped);
      }
    }
    return text.toString();
  }

  private static int hexDigits(String text, int from) {
    int end = from;
    while (end < text.length() && Character.digit(text.charAt(end), 16) >= 0) {
      end++;
    }
    return end - from;
  }

  /**
   * An upper bound of the size after all counted repetitions are written out: each literal counts
   * as often as the repetitions of the groups around it say.
   */
  private static long expanded(String expression) {
    Deque<Long> outer = new ArrayDeque<>();
    long size = 0;
    long last = 0;
    for (int at = 0; at < expression.length(); at++) {
      char c = expression.charAt(at);
      if (c == '(') {
        outer.push(size);
        size = 0;
        last = 0;
      } else if (c == ')' && !outer.isEmpty()) {
        last = size + 1;
        size = outer.pop() + last;
      } else if (c == '{') {
        long repeated = last * Math.max(1, largestCount(expression, at + 1));
        size = Math.min(Integer.MAX_VALUE, size + repeated);
        last = repeated;
      } else {
        at += c == '\\' ? 1 : 0;
        last = 1;
        size++;
      }
    }
    return size;
  }

  private static long largestCount(String expression, int from) {
    long largest = 0;
    long count = 0;
    for (int at = from; at < expression.length() && expression.charAt(at) != '}'; at++) {
      char c = expression.charAt(at);
      boolean isDigit = c >= '0' && c <= '9';
      count = isDigit ? Math.min(Integer.MAX_VALUE, count * 10 + (c - '0')) : 0;
      largest = Math.max(largest, count);
    }
    return largest;
  }
}

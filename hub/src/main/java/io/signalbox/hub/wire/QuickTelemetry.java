package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.io.NumberInput;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the everyday frame, {@code {"type":"telemetry","seq":12,"values":{"v":1.5,"on":true}}},
 * straight from its bytes; {@code ts} and white space may stand where they like.
 *
 * <p>It only ever says yes: at anything unusual or wrong (escapes, nesting, other fields, other
 * types, a fault) it declines, and {@link FrameReader} reads the frame anew and decides. So nothing
 * here can refuse, and what it accepts means the same there, which a test keeps true. It exists
 * because setting a general parser up costs more than reading such a frame: the benchmark beside
 * its test has the figures.
 */
final class QuickTelemetry {
  private static final int END = 256;
  private static final int MOST_READINGS = 16;
  private static final int MOST_CHARACTERS = 50; // of a number
  private static final int MOST_DIGITS = 15; // of a number that surely fits a long and a double
  private static final long EXACT = 1L << 53;
  private static final double[] TENS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16
  };

  private final byte[] bytes;
  private final int end;
  private final Limits limits;
  private int at;
  private int textFrom;
  private int textTo;

  private long seq = DeviceMessage.NO_SEQ;
  private long ts = DeviceMessage.NO_TS;
  private boolean isTelemetry;
  private @Nullable List<Reading> readings;

  private QuickTelemetry(Frame frame, Limits limits) {
    this.bytes = frame.bytes();
    this.at = frame.offset();
    this.end = frame.offset() + frame.length();
    this.limits = limits;
  }

  /** The message, or null: let somebody else read it. */
  static DeviceMessage.@Nullable Upload read(Frame frame, long now, Limits limits) {
    return new QuickTelemetry(frame, limits).read(now);
  }

  private DeviceMessage.@Nullable Upload read(long now) {
    if (!eat('{')) {
      return null;
    }
    do {
      if (!text() || !eat(':') || !field()) {
        return null;
      }
    } while (eat(','));
    boolean whole = eat('}') && next() == END && isTelemetry && seq > 0;
    if (!whole || readings == null || ts > now + limits.futureMillis()) {
      return null;
    }
    return new DeviceMessage.Upload(seq, stamped(readings), ts != DeviceMessage.NO_TS);
  }

  private boolean field() {
    return switch (textTo - textFrom) {
      case 2 -> ts == DeviceMessage.NO_TS && isText("ts") && (ts = whole()) >= 0;
      case 3 -> seq == DeviceMessage.NO_SEQ && isText("seq") && (seq = whole()) > 0;
      case 4 -> !isTelemetry && isText("type") && text() && (isTelemetry = isText("telemetry"));
      case 6 -> readings == null && isText("values") && values();
      default -> false;
    };
  }

  private boolean values() {
    List<Reading> found = new ArrayList<>(2);
    if (!eat('{')) {
      return false;
    }
    do {
      if (found.size() == MOST_READINGS || !text() || !eat(':')) {
        return false;
      }
      int length = textTo - textFrom;
      if (length == 0 || length > limits.nameLength()) {
        return false;
      }
      String metric = MetricNames.of(bytes, textFrom, textTo);
      Value value = value();
      if (value == null || isIn(found, metric)) {
        return false;
      }
      found.add(new Reading(metric, ts, value));
    } while (eat(','));
    readings = found;
    return eat('}');
  }

  private static boolean isIn(List<Reading> readings, String metric) {
    for (int i = 0; i < readings.size(); i++) {
      if (readings.get(i).metric().equals(metric)) {
        return true;
      }
    }
    return false;
  }

  /** Gives the readings the timestamp, if it stood behind them. */
  private List<Reading> stamped(List<Reading> found) {
    if (found.getFirst().ts() != ts) {
      found.replaceAll(reading -> new Reading(reading.metric(), ts, reading.value()));
    }
    return found;
  }

  private @Nullable Value value() {
    int first = next();
    return switch (first) {
      case '"' -> text() ? plainText() : null;
      case 't' -> word("true") ? Values.TRUE : null;
      case 'f' -> word("false") ? Values.FALSE : null;
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> null;
    };
  }

  @SuppressWarnings("deprecation") // the constructor for Latin-1 is the only one that just copies
  private Value.@Nullable Text plainText() {
    int length = textTo - textFrom;
    return length > limits.textBytes()
        ? null
        : new Value.Text(new String(bytes, 0, textFrom, length));
  }

  /** A string of printable ASCII without escapes, whose place is remembered. */
  private boolean text() {
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

  private boolean isText(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (bytes[textFrom + i] != text.charAt(i)) {
        return false;
      }
    }
    return textTo - textFrom == text.length();
  }

  private boolean word(String word) {
    textFrom = at;
    textTo = Math.min(end, at + word.length());
    at = textTo;
    return textTo - textFrom == word.length() && isText(word);
  }

  /** A whole number that is surely exact, or -1. */
  private long whole() {
    next();
    int from = at;
    long number = digits(0);
    return isWhole(from) && at - from <= MOST_DIGITS ? number : -1;
  }

  private Value.@Nullable Num number() {
    int from = at;
    boolean negative = bytes[at] == '-';
    at += negative ? 1 : 0;
    int first = at;
    long mantissa = digits(0);
    if (!isWhole(first)) {
      return null;
    }
    int decimals = 0;
    if (at < end && bytes[at] == '.') {
      int point = at++;
      mantissa = digits(mantissa);
      decimals = at - point - 1;
      if (decimals == 0) {
        return null;
      }
    }
    boolean isShort = at - first <= MOST_DIGITS + 1 && mantissa < EXACT && decimals < TENS.length;
    if (isShort && !hasExponent()) {
      // Both are exact as doubles, so the quotient is rounded once: what parsing would give.
      double number = mantissa / TENS[decimals];
      return new Value.Num(negative ? -number : number);
    }
    return exponent() ? parsed(from) : null;
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

  @SuppressWarnings("deprecation") // the constructor for Latin-1 is the only one that just copies
  private Value.@Nullable Num parsed(int from) {
    if (at - from > MOST_CHARACTERS) {
      return null;
    }
    double number = NumberInput.parseDouble(new String(bytes, 0, from, at - from), true);
    return Double.isFinite(number) ? new Value.Num(number) : null;
  }

  /** Passes white space, and says what comes: {@link #END}, or a byte, which may be negative. */
  private int next() {
    while (at < end) {
      byte c = bytes[at];
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return c;
      }
      at++;
    }
    return END;
  }

  private boolean eat(char c) {
    if (next() != c) {
      return false;
    }
    at++;
    return true;
  }
}

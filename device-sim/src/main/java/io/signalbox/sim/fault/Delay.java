package io.signalbox.sim.fault;

import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Delay of a device's answer: random between two bounds, in milliseconds. */
public record Delay(long leastMillis, long mostMillis) {
  /** No delay. */
  public static final Delay NONE = new Delay(0, 0);

  private static final long SLOW_AT_LEAST_MILLIS = 3_000;
  private static final long LONGEST_MILLIS = 3_600_000;
  private static final Pattern SPAN = Pattern.compile("(\\d{1,7}(?:\\.\\d{1,3})?)(ms|s|m)");

  /**
   * Reads {@code 50ms..2s}, or {@code 1s} for a constant delay.
   *
   * @throws IllegalArgumentException if the text is invalid
   */
  public static Delay parse(String text) {
    String[] ends = text.split("\\.\\.", 2);
    Delay delay = new Delay(millis(ends[0], text), millis(ends[ends.length - 1], text));
    if (delay.leastMillis > delay.mostMillis || delay.mostMillis > LONGEST_MILLIS) {
      throw wrong(text);
    }
    return delay;
  }

  private static long millis(String span, String whole) {
    long millis = millis(span);
    if (millis < 0) {
      throw wrong(whole);
    }
    return millis;
  }

  /**
   * The milliseconds of a duration such as {@code 50ms}, {@code 2.5s} or {@code 5m}; -1 if invalid.
   */
  public static long millis(String span) {
    Matcher matcher = SPAN.matcher(span.strip());
    if (!matcher.matches()) {
      return -1;
    }
    double number = Double.parseDouble(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Math.round(number);
      case "s" -> Math.round(number * 1000);
      default -> Math.round(number * 60_000);
    };
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "expected a delay of at most 1 h such as 50ms..2s or 1s, got '" + text + "'");
  }

  /** Draws a delay in milliseconds. */
  public long draw(RandomGenerator random) {
    return leastMillis == mostMillis ? leastMillis : random.nextLong(leastMillis, mostMillis + 1);
  }

  /** Delay of a slow answer, in milliseconds. */
  public long slowMillis() {
    return Math.max(SLOW_AT_LEAST_MILLIS, 10 * mostMillis);
  }
}

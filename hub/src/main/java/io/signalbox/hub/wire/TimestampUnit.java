package io.signalbox.hub.wire;

import org.jspecify.annotations.Nullable;

/** Unit of numeric Unix timestamps. */
public enum TimestampUnit {
  SECONDS("s", "seconds", 1),
  MILLISECONDS("ms", "milliseconds", 1_000),
  MICROSECONDS("us", "microseconds", 1_000_000),
  NANOSECONDS("ns", "nanoseconds", 1_000_000_000);

  /** 9 September 2001, ten digits in seconds. */
  private static final double YEAR_2001 = 1e12;

  private static final double YEAR_2101 = 4_133_980_800_000.0;

  private final String symbol;
  private final String words;
  private final double perSecond;

  TimestampUnit(String symbol, String words, double perSecond) {
    this.symbol = symbol;
    this.words = words;
    this.perSecond = perSecond;
  }

  /** The unit's name in requests: {@code s}, {@code ms}, {@code us}, {@code ns}. */
  public String symbol() {
    return symbol;
  }

  /** The unit's name in prose. */
  public String words() {
    return words;
  }

  /**
   * The unit in which a number is an instant of the years 2001 to 2100; null if there is none. No
   * number is one in two units.
   */
  public static @Nullable TimestampUnit guess(double number) {
    for (TimestampUnit unit : values()) {
      double millis = unit.millis(number);
      if (millis >= YEAR_2001 && millis < YEAR_2101) {
        return unit;
      }
    }
    return null;
  }

  /** Converts a number of this unit to milliseconds. */
  double millis(double number) {
    return number * 1_000 / perSecond;
  }
}

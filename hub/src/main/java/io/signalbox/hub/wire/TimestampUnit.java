package io.signalbox.hub.wire;

/** Unit of numeric Unix timestamps. */
public enum TimestampUnit {
  SECONDS("s", "seconds", 1),
  MILLISECONDS("ms", "milliseconds", 1_000),
  MICROSECONDS("us", "microseconds", 1_000_000),
  NANOSECONDS("ns", "nanoseconds", 1_000_000_000);

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
  String words() {
    return words;
  }

  /** Converts a number of this unit to milliseconds. */
  double millis(double number) {
    return number * 1_000 / perSecond;
  }
}

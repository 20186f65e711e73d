package io.signalbox.hub.wire;

/** In which unit a sender counts the time since 1970. */
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

  /** As requests name it: {@code s}, {@code ms}, {@code us}, {@code ns}. */
  public String symbol() {
    return symbol;
  }

  /** As people call it. */
  String words() {
    return words;
  }

  /** The milliseconds that so many of it are. */
  double millis(double number) {
    return number * 1_000 / perSecond;
  }
}

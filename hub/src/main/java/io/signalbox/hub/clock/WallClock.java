package io.signalbox.hub.clock;

/**
 * Time of day, for values that are stored or shown. It may jump in both directions: a duration
 * measured with it can be wrong by years.
 */
@FunctionalInterface
public interface WallClock {
  /** Unix milliseconds. */
  long wallMillis();
}

package io.signalbox.hub.clock;

/**
 * The time of day, for what is stored or shown. It may jump either way: a duration that is measured
 * with it can be wrong by years.
 */
@FunctionalInterface
public interface WallClock {
  /** Unix milliseconds. */
  long wallMillis();
}

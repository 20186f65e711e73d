package io.signalbox.hub.telemetry;

import io.signalbox.hub.model.Value;
import java.util.List;

/**
 * Values of a series over a range, with their durations: a value holds from its reading to the next
 * reading with another value. The last reading before the range gives the value at its start.
 *
 * @param spans oldest first, without gaps; adjacent spans have different values
 * @param reduced whether there were more spans than requested; then the range is divided into parts
 *     of equal length, and each shows the value that held longest
 * @param totals totals per value, longest first, at most {@link #MAX_TOTALS}; exact even if the
 *     spans are reduced
 * @param otherMillis total duration of all other values, in milliseconds
 */
public record StateHistory(
    List<Span> spans, boolean reduced, List<Total> totals, long otherMillis) {
  /** Maximum number of values with their own total. */
  public static final int MAX_TOTALS = 100;

  /** No reading in the range and none before it. */
  public static final StateHistory NOTHING = new StateHistory(List.of(), false, List.of(), 0);

  /**
   * A period of one value.
   *
   * @param from Unix milliseconds; the start of the range for a value that held before
   * @param millis duration within the range
   */
  public record Span(long from, Value value, long millis) {}

  /**
   * Total of one value over the range.
   *
   * @param millis total duration
   * @param times number of spans
   */
  public record Total(Value value, long millis, long times) {}
}

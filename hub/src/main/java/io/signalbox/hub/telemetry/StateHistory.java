package io.signalbox.hub.telemetry;

import io.signalbox.hub.model.Value;
import java.util.List;

/**
 * Which values a series had over a range, and for how long: a value holds from its reading until
 * the next reading of another value. The value of the last reading before the range holds at its
 * start.
 *
 * @param spans oldest first, without gaps between them; neighbours differ in their value
 * @param reduced whether there were more spans than were asked for; then the range is cut into
 *     parts of the same length, and each shows the value that held longest in it
 * @param totals for each value, longest first, at most {@link #MAX_TOTALS}; exact also where the
 *     spans are reduced
 * @param otherMillis how long all other values held together, in milliseconds
 */
public record StateHistory(
    List<Span> spans, boolean reduced, List<Total> totals, long otherMillis) {
  /** Values that have a total of their own. */
  public static final int MAX_TOTALS = 100;

  /** No reading in the range and none before it. */
  public static final StateHistory NOTHING = new StateHistory(List.of(), false, List.of(), 0);

  /**
   * One value for some time.
   *
   * @param from Unix milliseconds; the start of the range for what held already
   * @param millis how long it held within the range
   */
  public record Span(long from, Value value, long millis) {}

  /**
   * One value over the whole range.
   *
   * @param millis how long it held, in all
   * @param times how many spans it had
   */
  public record Total(Value value, long millis, long times) {}
}

package io.signalbox.hub.api;

import io.signalbox.hub.telemetry.HistorySeries;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.StateHistory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes history in parts, called in this order. */
interface HistoryWriter {
  /** Start of the document. */
  void begin(StringBuilder out);

  /** Start of a series with points in this form. */
  void beginSeries(StringBuilder out, String metric, HistorySeries.Form form);

  /** The next points of a series, oldest first; called repeatedly. */
  void points(StringBuilder out, String metric, List<Point> points);

  /** The spans of a series of states, instead of points. */
  void states(StringBuilder out, String metric, StateHistory history);

  /**
   * End of a series.
   *
   * @param rest start of the readings that were left out by the limit, in Unix milliseconds; null
   *     if there are none
   */
  void endSeries(StringBuilder out, @Nullable Long rest);

  /** End of the document. */
  void end(StringBuilder out);
}

package io.signalbox.hub.api;

import io.signalbox.hub.telemetry.HistorySeries;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.StateHistory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How history is written, piece by piece, in this order. */
interface HistoryWriter {
  /** Before everything. */
  void begin(StringBuilder out);

  /** Before the points of a series, which are told in this form. */
  void beginSeries(StringBuilder out, String metric, HistorySeries.Form form);

  /** Some points of a series, oldest first; called again while there are more. */
  void points(StringBuilder out, String metric, List<Point> points);

  /** The spans of a series, instead of points. */
  void states(StringBuilder out, String metric, StateHistory history);

  /**
   * After the points of a series.
   *
   * @param rest where readings begin that were left out, in Unix milliseconds; null when none were
   */
  void endSeries(StringBuilder out, @Nullable Long rest);

  /** After everything. */
  void end(StringBuilder out);
}

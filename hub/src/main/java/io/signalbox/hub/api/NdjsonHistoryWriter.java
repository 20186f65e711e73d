package io.signalbox.hub.api;

import io.signalbox.hub.model.Value;
import io.signalbox.hub.telemetry.HistorySeries;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.StateHistory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes history as NDJSON: {@code {"metric":…,"ts":…,"value":…}}, one line per point; states also
 * have {@code ms}, their duration. A value that does not fit the device's type has {@code misfit}.
 */
final class NdjsonHistoryWriter implements HistoryWriter {
  private final PointMisfits misfits;

  NdjsonHistoryWriter(PointMisfits misfits) {
    this.misfits = misfits;
  }

  @Override
  public void begin(StringBuilder out) {}

  @Override
  public void beginSeries(StringBuilder out, String metric, HistorySeries.Form form) {
    misfits.begin(metric, form);
  }

  @Override
  public void points(StringBuilder out, String metric, List<Point> points) {
    String head = head(metric);
    for (Point point : points) {
      out.append(head).append(point.ts()).append(",\"value\":");
      JsonHistoryWriter.value(out, point.value());
      end(out, point.value());
    }
  }

  @Override
  public void states(StringBuilder out, String metric, StateHistory history) {
    String head = head(metric);
    for (StateHistory.Span span : history.spans()) {
      out.append(head).append(span.from()).append(",\"value\":");
      JsonHistoryWriter.value(out, span.value());
      out.append(",\"ms\":").append(span.millis());
      end(out, span.value());
    }
  }

  private void end(StringBuilder out, Value value) {
    String misfit = misfits.of(value);
    if (misfit != null) {
      out.append(",\"misfit\":");
      JsonHistoryWriter.text(out, misfit);
    }
    out.append("}\n");
  }

  private static String head(String metric) {
    StringBuilder head = new StringBuilder("{\"metric\":");
    JsonHistoryWriter.text(head, metric);
    return head.append(",\"ts\":").toString();
  }

  @Override
  public void endSeries(StringBuilder out, @Nullable Long rest) {}

  @Override
  public void end(StringBuilder out) {}
}

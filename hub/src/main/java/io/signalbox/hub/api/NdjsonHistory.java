package io.signalbox.hub.api;

import io.signalbox.hub.telemetry.Point;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** History as NDJSON: {@code {"metric":…,"ts":…,"value":…}}, a line for each point. */
final class NdjsonHistory implements HistoryFormat {
  @Override
  public void begin(StringBuilder out) {}

  @Override
  public void beginSeries(StringBuilder out, String metric) {}

  @Override
  public void points(StringBuilder out, String metric, List<Point> points) {
    StringBuilder head = new StringBuilder("{\"metric\":");
    JsonHistory.text(head, metric);
    head.append(",\"ts\":");
    for (Point point : points) {
      out.append(head).append(point.ts()).append(",\"value\":");
      JsonHistory.value(out, point.value());
      out.append("}\n");
    }
  }

  @Override
  public void endSeries(StringBuilder out, @Nullable Long rest) {}

  @Override
  public void end(StringBuilder out) {}
}

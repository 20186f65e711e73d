package io.signalbox.hub.api;

import io.signalbox.hub.model.Value;
import io.signalbox.hub.telemetry.HistorySeries;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.StateHistory;
import io.signalbox.hub.wire.Numbers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes history as CSV (RFC 4180): {@code ts,metric,value}, or {@code ts,metric,value [bar]} with
 * a unit, and one line per point; with states also {@code ms}, the duration of each.
 */
final class CsvHistoryWriter implements HistoryWriter {
  private final boolean durations;
  private final String unit;

  /**
   * Creates a writer.
   *
   * @param durations whether there is a column {@code ms}
   * @param unit unit of all values; empty if it is not known, or there are several
   */
  CsvHistoryWriter(boolean durations, String unit) {
    this.durations = durations;
    this.unit = unit;
  }

  @Override
  public void begin(StringBuilder out) {
    String value = unit.isEmpty() ? "value" : quoted("value [" + unit + "]");
    out.append("ts,metric,").append(value).append(durations ? ",ms\r\n" : "\r\n");
  }

  @Override
  public void beginSeries(StringBuilder out, String metric, HistorySeries.Form form) {}

  @Override
  public void points(StringBuilder out, String metric, List<Point> points) {
    String column = quoted(metric);
    for (Point point : points) {
      out.append(point.ts()).append(',').append(column).append(',');
      out.append(text(point.value())).append("\r\n");
    }
  }

  @Override
  public void states(StringBuilder out, String metric, StateHistory history) {
    String column = quoted(metric);
    for (StateHistory.Span span : history.spans()) {
      out.append(span.from()).append(',').append(column).append(',').append(text(span.value()));
      out.append(durations ? "," + span.millis() : "").append("\r\n");
    }
  }

  private static String text(Value value) {
    return switch (value) {
      case Value.Num num -> Numbers.text(num.number());
      case Value.Flag flag -> Boolean.toString(flag.on());
      case Value.Text text -> quoted(text.text());
      case Value.Json json -> quoted(json.json());
    };
  }

  private static String quoted(String text) {
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  @Override
  public void endSeries(StringBuilder out, @Nullable Long rest) {}

  @Override
  public void end(StringBuilder out) {}
}

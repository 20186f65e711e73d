package io.signalbox.hub.api;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.telemetry.Aggregate;
import io.signalbox.hub.telemetry.HistorySeries;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.StateHistory;
import io.signalbox.hub.wire.Numbers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes history as JSON: {@code {"device","metric","unit"?,"aggregate"?,"points":[[ts,value],…],
 * "next"}}, or an array of these for several series. Points of states have a third element, their
 * duration in milliseconds; {@code totals}, {@code otherMs} and {@code reduced} follow them. {@code
 * misfits} has the points that do not fit the device's type.
 */
final class JsonHistoryWriter implements HistoryWriter {
  /** Limit of marked points of a series. */
  static final int MAX_MISFITS = 1_000;

  private final String device;
  private final boolean alone;
  private final Map<String, String> units;
  private final PointMisfits misfits;
  private final StringBuilder marks = new StringBuilder();
  private int marked;
  private boolean first = true;
  private boolean firstPoint;
  private @Nullable StateHistory totals;

  /**
   * Creates a writer for a device.
   *
   * @param alone whether there is one series, written without an array
   * @param units by metric
   */
  JsonHistoryWriter(String device, boolean alone, Map<String, String> units, PointMisfits misfits) {
    this.device = device;
    this.alone = alone;
    this.units = units;
    this.misfits = misfits;
  }

  @Override
  public void begin(StringBuilder out) {
    out.append(alone ? "" : "[");
  }

  @Override
  public void beginSeries(StringBuilder out, String metric, HistorySeries.Form form) {
    out.append(first ? "" : ",").append("{\"device\":");
    text(out, device);
    out.append(",\"metric\":");
    text(out, metric);
    String unit = units.get(metric);
    if (unit != null) {
      out.append(",\"unit\":");
      text(out, unit);
    }
    switch (form) {
      case HistorySeries.Form.Raw raw -> {}
      case HistorySeries.Form.Reduced reduced -> aggregate(out, reduced.aggregate());
      case HistorySeries.Form.States states -> aggregate(out, Aggregate.STATES);
      case HistorySeries.Form.Unfit unfit -> {
        aggregate(out, unfit.aggregate());
        out.append(",\"detail\":");
        text(out, unfit.why());
      }
    }
    out.append(",\"points\":[");
    misfits.begin(metric, form);
    marks.setLength(0);
    marked = 0;
    first = false;
    firstPoint = true;
    totals = null;
  }

  private static void aggregate(StringBuilder out, Aggregate aggregate) {
    out.append(",\"aggregate\":\"").append(aggregate.name().toLowerCase(Locale.ROOT)).append('"');
  }

  @Override
  public void points(StringBuilder out, String metric, List<Point> points) {
    for (Point point : points) {
      out.append(firstPoint ? "[" : ",[").append(point.ts()).append(',');
      value(out, point.value());
      out.append(']');
      firstPoint = false;
      mark(point.ts(), point.value());
    }
  }

  private void mark(long ts, Value value) {
    String misfit = marked < MAX_MISFITS ? misfits.of(value) : null;
    if (misfit != null) {
      marks.append(marked == 0 ? "[" : ",[").append(ts).append(',');
      text(marks, misfit);
      marks.append(']');
      marked++;
    }
  }

  @Override
  public void states(StringBuilder out, String metric, StateHistory history) {
    for (StateHistory.Span span : history.spans()) {
      out.append(firstPoint ? "[" : ",[").append(span.from()).append(',');
      value(out, span.value());
      out.append(',').append(span.millis()).append(']');
      firstPoint = false;
      mark(span.from(), span.value());
    }
    totals = history;
  }

  @Override
  public void endSeries(StringBuilder out, @Nullable Long rest) {
    out.append(']');
    if (totals != null) {
      totals(out, totals);
    }
    if (marked > 0) {
      out.append(",\"misfits\":[").append(marks).append(']');
    }
    out.append(",\"next\":").append(rest).append('}');
  }

  private static void totals(StringBuilder out, StateHistory history) {
    String separator = ",\"totals\":[";
    for (StateHistory.Total total : history.totals()) {
      out.append(separator).append("{\"value\":");
      value(out, total.value());
      out.append(",\"ms\":").append(total.millis());
      out.append(",\"count\":").append(total.times()).append('}');
      separator = ",";
    }
    out.append(history.totals().isEmpty() ? ",\"totals\":[]" : "]");
    out.append(",\"otherMs\":").append(history.otherMillis());
    out.append(",\"reduced\":").append(history.reduced());
  }

  @Override
  public void end(StringBuilder out) {
    out.append(alone ? "" : "]");
  }

  /** A value as JSON. */
  static void value(StringBuilder out, Value value) {
    switch (value) {
      case Value.Num num -> out.append(Numbers.text(num.number()));
      case Value.Flag flag -> out.append(flag.on());
      case Value.Text text -> text(out, text.text());
      case Value.Json json -> out.append(json.json());
    }
  }

  /** A string as JSON. */
  static void text(StringBuilder out, String text) {
    out.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, out);
    out.append('"');
  }
}

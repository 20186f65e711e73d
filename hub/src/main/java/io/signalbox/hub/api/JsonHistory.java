package io.signalbox.hub.api;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.wire.Numbers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * History as JSON: {@code {"device","metric","points":[[ts,value],…],"next"}}, and an array of such
 * for several series.
 */
final class JsonHistory implements HistoryFormat {
  private final String device;
  private final boolean alone;
  private boolean first = true;
  private boolean firstPoint;

  /**
   * History of a device.
   *
   * @param alone whether there is one series, which is not put into an array
   */
  JsonHistory(String device, boolean alone) {
    this.device = device;
    this.alone = alone;
  }

  @Override
  public void begin(StringBuilder out) {
    out.append(alone ? "" : "[");
  }

  @Override
  public void beginSeries(StringBuilder out, String metric) {
    out.append(first ? "" : ",").append("{\"device\":");
    text(out, device);
    out.append(",\"metric\":");
    text(out, metric);
    out.append(",\"points\":[");
    first = false;
    firstPoint = true;
  }

  @Override
  public void points(StringBuilder out, String metric, List<Point> points) {
    for (Point point : points) {
      out.append(firstPoint ? "[" : ",[").append(point.ts()).append(',');
      value(out, point.value());
      out.append(']');
      firstPoint = false;
    }
  }

  @Override
  public void endSeries(StringBuilder out, @Nullable Long rest) {
    out.append("],\"next\":").append(rest).append('}');
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

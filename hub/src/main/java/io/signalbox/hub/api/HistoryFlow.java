package io.signalbox.hub.api;

import io.signalbox.hub.http.Answer;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.Series;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * History on its way out: one page of one series is read and written at a time. Encoding happens on
 * the store's thread that has read the page, so that no event loop pays for it.
 *
 * <p>Threading: one draw at a time, on any thread.
 */
final class HistoryFlow implements Answer.Source {
  private final Iterator<Series> series;
  private final long limit;
  private final HistoryFormat format;
  private String metric = "";
  private Series.@Nullable Walk walk;
  private boolean begun;
  private boolean ended;

  HistoryFlow(List<Series> series, long limit, HistoryFormat format) {
    this.series = series.iterator();
    this.limit = limit;
    this.format = format;
  }

  @Override
  public Future<Buffer> next() {
    StringBuilder out = new StringBuilder();
    if (!begun) {
      begun = true;
      format.begin(out);
    }
    return draw(out).map(done -> Buffer.buffer(out.toString()));
  }

  private Future<Void> draw(StringBuilder out) {
    if (walk == null && !series.hasNext()) {
      end(out);
      return Future.succeededFuture();
    }
    if (walk == null) {
      beginSeries(out, series.next());
    }
    return Objects.requireNonNull(walk).next().compose(points -> page(out, points));
  }

  private void beginSeries(StringBuilder out, Series next) {
    metric = next.range().metric();
    walk = next.walk(limit);
    format.beginSeries(out, metric);
  }

  private Future<Void> page(StringBuilder out, List<Point> points) {
    if (!points.isEmpty()) {
      format.points(out, metric, points);
      return Future.succeededFuture();
    }
    format.endSeries(out, Objects.requireNonNull(walk).rest());
    walk = null;
    return draw(out);
  }

  private void end(StringBuilder out) {
    if (!ended) {
      ended = true;
      format.end(out);
    }
  }
}

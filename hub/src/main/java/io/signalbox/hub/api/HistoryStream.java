package io.signalbox.hub.api;

import io.signalbox.hub.http.Response;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.telemetry.HistorySeries;
import io.signalbox.hub.telemetry.Point;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Streamed history: reads and writes one page of one series at a time. Encoding runs on the store's
 * thread that has read the page, not on an event loop.
 *
 * <p>Threading: one {@link #next} at a time, on any thread.
 */
final class HistoryStream implements Response.BodySource {
  private final Iterator<HistorySeries> series;
  private final long limit;
  private final HistoryWriter format;
  private final boolean alone;
  private String metric = "";
  private HistorySeries.@Nullable Pages walk;
  private boolean begun;
  private boolean ended;

  /**
   * History of some series. If there is only one, an aggregate that does not fit its type is
   * refused.
   */
  HistoryStream(List<HistorySeries> series, long limit, HistoryWriter format) {
    this.series = series.iterator();
    this.alone = series.size() == 1;
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
    if (walk != null) {
      return page(out, walk);
    }
    if (!series.hasNext()) {
      end(out);
      return Future.succeededFuture();
    }
    HistorySeries next = series.next();
    HistorySeries.Pages begun = next.walk(limit);
    return begun.open().compose(form -> begin(out, next.range().metric(), begun, form));
  }

  private Future<Void> begin(
      StringBuilder out, String next, HistorySeries.Pages begun, HistorySeries.Form form) {
    if (alone && form instanceof HistorySeries.Form.Unfit unfit) {
      return Future.failedFuture(new Refusal(ErrorCode.INVALID, "aggregate", unfit.why()));
    }
    metric = next;
    walk = begun;
    format.beginSeries(out, next, form);
    if (form instanceof HistorySeries.Form.States states) {
      format.states(out, next, states.history());
      // A chunk per series: many series with many spans must not be in memory at once.
      return Future.succeededFuture();
    }
    return page(out, begun);
  }

  private Future<Void> page(StringBuilder out, HistorySeries.Pages walked) {
    return walked.next().compose(points -> page(out, points));
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

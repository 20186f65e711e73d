package io.signalbox.hub.store.embedded.telemetry;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.store.embedded.telemetry.codec.Block;
import io.signalbox.hub.telemetry.Aggregate;
import io.signalbox.hub.telemetry.MetricSummary;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.Range;
import io.signalbox.hub.telemetry.StateHistory;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers each kind of query from memory and chunk rows. Any thread that has a reader. */
final class Answers {
  private static final int CURVE_BUCKETS = 8;

  private final SeriesIndex index;

  Answers(SeriesIndex index) {
    this.index = index;
  }

  Map<String, Map<String, Reading>> latest(Reader reader, Collection<String> devices)
      throws SQLException {
    Map<String, Map<String, Reading>> found = new HashMap<>();
    for (String device : devices) {
      List<Series> unknown = new ArrayList<>();
      Map<String, Reading> latest = index.look(() -> index.latest(device, unknown));
      for (Series series : unknown) {
        fetchLatest(reader, series, latest);
      }
      if (!latest.isEmpty()) {
        found.put(device, latest);
      }
    }
    return found;
  }

  /** After a start the newest value of a series is on the disk only, until someone asks for it. */
  private void fetchLatest(Reader reader, Series series, Map<String, Reading> latest)
      throws SQLException {
    long ts = index.look(() -> series.last);
    for (Point point : points(scan(reader, series, ts, ts + 1), 1)) {
      Reading reading = new Reading(series.metric, ts, point.value());
      index.change(() -> series.known(reading));
      latest.put(series.metric, reading);
    }
  }

  List<MetricSummary> metrics(Reader reader, String device) throws SQLException {
    List<MetricSummary> found = new ArrayList<>();
    for (Series series : index.look(() -> index.listOf(device))) {
      Snapshot snapshot = snapshot(reader, series);
      Extent extent =
          reader
              .extent(series.id, snapshot.mainRow(), snapshot.lateRow())
              .and(snapshot.main())
              .and(snapshot.late());
      if (extent.count() > 0) {
        found.add(new MetricSummary(series.metric, extent.first(), extent.last(), extent.count()));
      }
    }
    found.sort(Comparator.comparing(MetricSummary::metric));
    return found;
  }

  List<Point> read(Reader reader, Range range, int limit) throws SQLException {
    Series series = find(range);
    return series == null || limit <= 0 ? List.of() : points(scan(reader, series, range), limit);
  }

  private static List<Point> points(SeriesScan scan, int limit) throws SQLException {
    List<Point> found = new ArrayList<>();
    scan.run(
        (block, i) -> {
          found.add(new Point(block.ts(i), block.value(i)));
          return found.size() < limit;
        });
    return found;
  }

  List<Point> sample(Reader reader, Range range, int points, Aggregate aggregate)
      throws SQLException {
    Series series = find(range);
    if (series == null || points <= 0 || range.from() >= range.to()) {
      return List.of();
    }
    return switch (aggregate) {
      case MINMAX -> reduced(reader, series, range, points, new MinMax());
      case AVG -> reduced(reader, series, range, points, new Mean());
      case LAST -> reduced(reader, series, range, points, new Last(reader));
      case LTTB -> curve(reader, series, range, points).thinned(points);
      case STATES -> throw new IllegalArgumentException("spans of states are no points");
    };
  }

  StateHistory states(Reader reader, Range range, long now, int most) throws SQLException {
    Series series = find(range);
    if (series == null || most <= 0 || range.from() >= range.to()) {
      return StateHistory.NOTHING;
    }
    Snapshot snapshot = snapshot(reader, series);
    StateSpans spans = new StateSpans(range, now, most);
    long from = lastBefore(reader, snapshot, range.from());
    new SeriesScan(reader, snapshot, from, range.to()).run(spans);
    return spans.finish();
  }

  /** From where a scan passes the last reading before the instant and few others. */
  private static long lastBefore(Reader reader, Snapshot snapshot, long instant)
      throws SQLException {
    long last = reader.lastBefore(snapshot.series(), instant);
    last = Math.max(last, lastBefore(snapshot.main(), instant));
    last = Math.max(last, lastBefore(snapshot.late(), instant));
    return last == Long.MIN_VALUE ? instant : last;
  }

  private static long lastBefore(@Nullable Block block, long instant) {
    int at = block == null ? 0 : block.indexOf(instant);
    return block == null || at == 0 ? Long.MIN_VALUE : block.ts(at - 1);
  }

  private List<Point> reduced(
      Reader reader, Series series, Range range, int points, Sampler.Reduction reduction)
      throws SQLException {
    Buckets buckets = Buckets.over(range.from(), range.to(), points);
    return new Sampler(buckets, reduction).reduce(scan(reader, series, range));
  }

  /** Every reading if they are not too many, else the extremes of many small buckets. */
  private Curve curve(Reader reader, Series series, Range range, int points) throws SQLException {
    Curve curve = new Curve();
    scan(reader, series, range).run(curve);
    if (!curve.isTooLong()) {
      return curve;
    }
    int buckets = (int) Math.min((long) points * CURVE_BUCKETS, Curve.MOST);
    return Curve.of(reduced(reader, series, range, buckets, new MinMax()));
  }

  private @Nullable Series find(Range range) {
    return index.look(() -> index.find(range.device(), range.metric()));
  }

  private SeriesScan scan(Reader reader, Series series, Range range) throws SQLException {
    return scan(reader, series, range.from(), range.to());
  }

  private SeriesScan scan(Reader reader, Series series, long from, long to) throws SQLException {
    return new SeriesScan(reader, snapshot(reader, series), from, to);
  }

  /**
   * What memory holds of a series; rows must be looked at as of a later moment, also where this is
   * not the first series of the query, or what moves from memory to the rows in between is seen
   * nowhere.
   */
  private Snapshot snapshot(Reader reader, Series series) throws SQLException {
    reader.anew();
    return Snapshot.of(index, series);
  }
}

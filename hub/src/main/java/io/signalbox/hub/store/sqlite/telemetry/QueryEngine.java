package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.store.telemetry.ChunkSource;
import io.signalbox.hub.store.telemetry.Downsampler;
import io.signalbox.hub.store.telemetry.LttbCurve;
import io.signalbox.hub.store.telemetry.PointList;
import io.signalbox.hub.store.telemetry.SeriesScan;
import io.signalbox.hub.store.telemetry.SeriesSnapshot;
import io.signalbox.hub.store.telemetry.StateSpanReducer;
import io.signalbox.hub.telemetry.Aggregate;
import io.signalbox.hub.telemetry.MetricSummary;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.SeriesRange;
import io.signalbox.hub.telemetry.StateHistory;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Executor of queries over memory and chunk rows. Any thread that has a reader. */
final class QueryEngine {
  private final SeriesIndex index;

  QueryEngine(SeriesIndex index) {
    this.index = index;
  }

  Map<String, Map<String, Reading>> latest(ChunkReader reader, Collection<String> devices)
      throws SQLException {
    Map<String, Map<String, Reading>> found = new HashMap<>();
    for (String device : devices) {
      List<LiveSeries> unknown = new ArrayList<>();
      Map<String, Reading> latest = index.look(() -> index.latest(device, unknown));
      for (LiveSeries series : unknown) {
        fetchLatest(reader, series, latest);
      }
      if (!latest.isEmpty()) {
        found.put(device, latest);
      }
    }
    return found;
  }

  /** Loads the newest reading from disk; after a start it is not in memory. */
  private void fetchLatest(ChunkReader reader, LiveSeries series, Map<String, Reading> latest)
      throws SQLException {
    long ts = index.look(() -> series.last);
    for (Point point : points(scan(reader, series, ts, ts + 1), 1)) {
      Reading reading = new Reading(series.metric, ts, point.value());
      index.change(() -> series.known(reading));
      latest.put(series.metric, reading);
    }
  }

  List<MetricSummary> metrics(ChunkReader reader, String device) throws SQLException {
    List<MetricSummary> found = new ArrayList<>();
    for (LiveSeries series : index.look(() -> index.listOf(device))) {
      SeriesSnapshot snapshot = snapshot(reader, series);
      SeriesExtent extent =
          reader
              .extent(series.id, snapshot.mainId(), snapshot.lateId())
              .and(snapshot.main())
              .and(snapshot.late());
      if (extent.count() > 0) {
        found.add(new MetricSummary(series.metric, extent.first(), extent.last(), extent.count()));
      }
    }
    found.sort(Comparator.comparing(MetricSummary::metric));
    return found;
  }

  List<Point> read(ChunkReader reader, SeriesRange range, int limit) throws SQLException {
    LiveSeries series = find(range);
    return series == null || limit <= 0 ? List.of() : points(scan(reader, series, range), limit);
  }

  private static List<Point> points(SeriesScan scan, int limit) {
    PointList found = new PointList(limit);
    scan.run(found);
    return found.points();
  }

  List<Point> sample(ChunkReader reader, SeriesRange range, int points, Aggregate aggregate)
      throws SQLException {
    LiveSeries series = find(range);
    if (series == null || points <= 0 || range.from() >= range.to()) {
      return List.of();
    }
    return switch (aggregate) {
      case MINMAX, AVG, LAST -> reduced(reader, series, range, points, aggregate);
      case LTTB -> curve(reader, series, range, points).thinned(points);
      case STATES -> throw new IllegalArgumentException("STATES returns spans, not points");
    };
  }

  StateHistory states(ChunkReader reader, SeriesRange range, long now, int most)
      throws SQLException {
    LiveSeries series = find(range);
    if (series == null || most <= 0 || range.from() >= range.to()) {
      return StateHistory.NOTHING;
    }
    SeriesSnapshot snapshot = snapshot(reader, series);
    StateSpanReducer spans = new StateSpanReducer(range, now, most);
    long last = reader.lastBefore(series.id, range.from());
    long from = snapshot.lastBefore(range.from(), last);
    new SeriesScan(reader.chunks(series.id), snapshot, from, range.to()).run(spans);
    return spans.finish();
  }

  private List<Point> reduced(
      ChunkReader reader, LiveSeries series, SeriesRange range, int points, Aggregate aggregate)
      throws SQLException {
    ChunkSource chunks = reader.chunks(series.id);
    Downsampler reducer = Downsampler.of(range, points, aggregate, chunks::load);
    scan(reader, series, range).run(reducer);
    return reducer.finish();
  }

  /** All readings up to a limit, otherwise the minima and maxima of small buckets. */
  private LttbCurve curve(ChunkReader reader, LiveSeries series, SeriesRange range, int points)
      throws SQLException {
    LttbCurve curve = new LttbCurve();
    scan(reader, series, range).run(curve);
    if (!curve.isTooLong()) {
      return curve;
    }
    int buckets = LttbCurve.buckets(points);
    return LttbCurve.of(reduced(reader, series, range, buckets, Aggregate.MINMAX));
  }

  private @Nullable LiveSeries find(SeriesRange range) {
    return index.look(() -> index.find(range.device(), range.metric()));
  }

  private SeriesScan scan(ChunkReader reader, LiveSeries series, SeriesRange range)
      throws SQLException {
    return scan(reader, series, range.from(), range.to());
  }

  private SeriesScan scan(ChunkReader reader, LiveSeries series, long from, long to)
      throws SQLException {
    return new SeriesScan(reader.chunks(series.id), snapshot(reader, series), from, to);
  }

  /**
   * Copies a series' readings in memory. The rows must be read in a later snapshot, for every
   * series of the query; otherwise readings that move from memory to rows in between are missed.
   */
  private SeriesSnapshot snapshot(ChunkReader reader, LiveSeries series) throws SQLException {
    reader.anew();
    return index.snapshot(series);
  }
}

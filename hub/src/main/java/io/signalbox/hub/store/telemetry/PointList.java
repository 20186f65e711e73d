package io.signalbox.hub.store.telemetry;

import io.signalbox.hub.store.telemetry.codec.PointBlock;
import io.signalbox.hub.telemetry.Point;
import java.util.ArrayList;
import java.util.List;

/** The first readings of a scan, up to a limit. Used once, by one thread. */
public final class PointList implements SeriesScan.Sink {
  private final int limit;
  private final List<Point> points = new ArrayList<>();

  /**
   * An empty list.
   *
   * @param limit at least 1
   */
  public PointList(int limit) {
    this.limit = limit;
  }

  @Override
  public boolean point(PointBlock block, int i) {
    points.add(new Point(block.ts(i), block.value(i)));
    return points.size() < limit;
  }

  /** The readings, oldest first. */
  public List<Point> points() {
    return points;
  }
}

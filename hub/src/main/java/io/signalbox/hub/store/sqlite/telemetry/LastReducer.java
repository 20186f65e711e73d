package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.sqlite.telemetry.codec.PointBlock;
import io.signalbox.hub.telemetry.Point;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reduction to the last reading of a bucket, of any type. Only the last whole chunk is read. */
final class LastReducer implements Downsampler.Reduction {
  private final ChunkReader reader;
  private @Nullable ChunkRow row;
  private @Nullable Point point;

  LastReducer(ChunkReader reader) {
    this.reader = reader;
  }

  @Override
  public boolean chunk(ChunkRow whole) {
    row = whole;
    point = null;
    return true;
  }

  @Override
  public void reading(PointBlock block, int i) {
    row = null;
    point = new Point(block.ts(i), block.value(i));
  }

  @Override
  public void end(long bucketStart, List<Point> points) throws SQLException {
    if (row != null) {
      PointBlock block = reader.load(row.id());
      int last = block.size() - 1;
      points.add(new Point(block.ts(last), block.value(last)));
    } else if (point != null) {
      points.add(point);
    }
    row = null;
    point = null;
  }
}

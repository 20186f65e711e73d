package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.sqlite.Sql;
import io.signalbox.hub.store.sqlite.telemetry.codec.PointBlock;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Scan of one series' readings in time order: the chunks of the main layer with late readings
 * merged in, and the open chunk last. A chunk that lies completely in the range and has no late
 * readings among its own is first offered by its statistics, without reading its body. One thread.
 */
final class SeriesScan {
  private final ChunkReader reader;
  private final SeriesSnapshot snapshot;
  private final long from;
  private final long to;
  private final LateMerge late;
  private long passed = OpenChunk.NONE;

  /** Consumer of the readings. */
  interface Sink {
    /** Accepts a chunk by its statistics; false to get its readings instead. */
    default boolean whole(ChunkRow row) throws SQLException {
      return false;
    }

    /** Accepts the i-th reading of the block; false to end the scan. */
    boolean point(PointBlock block, int i) throws SQLException;
  }

  SeriesScan(ChunkReader reader, SeriesSnapshot snapshot, long from, long to) throws SQLException {
    this.reader = reader;
    this.snapshot = snapshot;
    this.from = from;
    this.to = to;
    late = new LateMerge(reader, snapshot, from, to);
  }

  /** Passes the readings to the sink until it ends the scan. */
  void run(Sink sink) throws SQLException {
    if (rows(sink) && block(snapshot.main(), sink)) {
      lateBefore(Long.MAX_VALUE, sink);
    }
  }

  private boolean rows(Sink sink) throws SQLException {
    // Rows from the open chunk's start on were written after the copy of the open chunk.
    PointBlock open = snapshot.main();
    long end = open == null || open.size() == 0 ? to : Math.min(to, open.first());
    try (Sql.Cursor<ChunkRow> chunks = reader.main(snapshot.series(), from)) {
      for (ChunkRow row = chunks.next(); row != null && row.first() < end; row = chunks.next()) {
        if (row.id() != snapshot.mainRow() && !chunk(row, end, sink)) {
          return false;
        }
      }
      return true;
    }
  }

  private boolean chunk(ChunkRow row, long end, Sink sink) throws SQLException {
    if (!lateBefore(row.first(), sink)) {
      return false;
    }
    boolean whole = row.first() >= from && row.last() < end && late.next() > row.last();
    if (whole && sink.whole(row)) {
      passed = row.last();
      return true;
    }
    return block(reader.load(row.id()), sink);
  }

  private boolean block(@Nullable PointBlock block, Sink sink) throws SQLException {
    if (block == null) {
      return true;
    }
    for (int i = block.indexOf(from); i < block.size() && block.ts(i) < to; i++) {
      long ts = block.ts(i);
      if (!lateBefore(ts, sink)) {
        return false;
      }
      // A late reading with the same timestamp arrived later and replaces this one.
      if (ts > passed && late.next() != ts && !point(block, i, sink)) {
        return false;
      }
    }
    return true;
  }

  private boolean point(PointBlock block, int i, Sink sink) throws SQLException {
    passed = block.ts(i);
    return sink.point(block, i);
  }

  private boolean lateBefore(long instant, Sink sink) throws SQLException {
    while (late.next() < instant) {
      passed = late.next();
      if (!late.pass(sink)) {
        return false;
      }
    }
    return true;
  }
}

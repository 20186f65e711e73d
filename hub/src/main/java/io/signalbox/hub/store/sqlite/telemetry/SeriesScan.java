package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.sqlite.telemetry.codec.PointBlock;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Walks the readings of one series in order of time: the chunks of the main layer one after
 * another, late readings merged in, the open chunk last. A chunk that lies whole within the range
 * and has no late reading among its own is offered whole, unread, to who can do with its
 * statistics. One thread.
 */
final class SeriesScan {
  private final ChunkReader reader;
  private final SeriesSnapshot snapshot;
  private final long from;
  private final long to;
  private final LateMerge late;
  private long passed = OpenChunk.NONE;

  /** What is done with the readings. */
  interface Sink {
    /** Takes a chunk whole; false to be given its readings instead. */
    default boolean whole(ChunkRow row) throws SQLException {
      return false;
    }

    /** Takes the i-th reading of the block; false if it has had enough. */
    boolean point(PointBlock block, int i) throws SQLException;
  }

  SeriesScan(ChunkReader reader, SeriesSnapshot snapshot, long from, long to) throws SQLException {
    this.reader = reader;
    this.snapshot = snapshot;
    this.from = from;
    this.to = to;
    late = new LateMerge(reader, snapshot, from, to);
  }

  /** Gives the sink everything until it has had enough. */
  void run(Sink sink) throws SQLException {
    if (rows(sink) && block(snapshot.main(), sink)) {
      lateBefore(Long.MAX_VALUE, sink);
    }
  }

  private boolean rows(Sink sink) throws SQLException {
    // From where the open chunk begins, rows hold what has been written since it was copied.
    PointBlock open = snapshot.main();
    long end = open == null || open.size() == 0 ? to : Math.min(to, open.first());
    ChunkReader.Chunks chunks = reader.main(snapshot.series(), from);
    for (ChunkRow row = chunks.next(); row != null && row.first() < end; row = chunks.next()) {
      if (row.id() != snapshot.mainRow() && !chunk(row, end, sink)) {
        return false;
      }
    }
    return true;
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
      // A late reading of the same time came after this one and takes its place.
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

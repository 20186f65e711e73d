package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.sqlite.telemetry.codec.PointBlock;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Merge of the late layer's chunks within a range: readings in time order, one per timestamp. Of
 * several, the one in the highest row wins, which arrived last. Bodies are read lazily. One thread.
 */
final class LateMerge {
  private final ChunkReader reader;
  private final long from;
  private final long to;
  private final PriorityQueue<Source> sources =
      new PriorityQueue<>(
          Comparator.comparingLong((Source source) -> source.ts)
              .thenComparing(Comparator.comparingLong((Source source) -> source.row).reversed()));

  /** A chunk and the position in it. */
  private static final class Source {
    final long row;
    @Nullable PointBlock block;
    int at;
    long ts;

    Source(long row, long ts) {
      this.row = row;
      this.ts = ts;
    }
  }

  LateMerge(ChunkReader reader, SeriesSnapshot snapshot, long from, long to) throws SQLException {
    this.reader = reader;
    this.from = from;
    this.to = to;
    for (ChunkRow row : reader.late(snapshot.series(), from, to)) {
      if (row.id() == snapshot.lateRow()) {
        continue;
      }
      Source source = new Source(row.id(), row.first());
      if (row.first() < from) {
        open(source, reader.load(row.id()));
      } else {
        sources.add(source);
      }
    }
    if (snapshot.late() != null) {
      open(new Source(snapshot.lateRow(), 0), snapshot.late());
    }
  }

  private void open(Source source, PointBlock block) {
    source.block = block;
    source.at = block.indexOf(from);
    requeue(source, block);
  }

  private void requeue(Source source, PointBlock block) {
    if (source.at < block.size() && block.ts(source.at) < to) {
      source.ts = block.ts(source.at);
      sources.add(source);
    }
  }

  /** Timestamp of the next reading; {@code Long.MAX_VALUE} if there are no more. */
  long next() {
    Source head = sources.peek();
    return head == null ? Long.MAX_VALUE : head.ts;
  }

  /** Passes the next reading to the sink; false if the sink wants no more. */
  boolean pass(SeriesScan.Sink sink) throws SQLException {
    Source head = sources.remove();
    PointBlock block = opened(head);
    boolean more = sink.point(block, head.at);
    long passed = head.ts;
    head.at++;
    requeue(head, block);
    while (next() == passed) {
      skip();
    }
    return more;
  }

  private void skip() throws SQLException {
    Source head = sources.remove();
    PointBlock block = opened(head);
    head.at++;
    requeue(head, block);
  }

  private PointBlock opened(Source source) throws SQLException {
    PointBlock block = source.block;
    if (block == null) {
      block = reader.load(source.row);
      source.block = block;
      source.at = block.indexOf(source.ts);
    }
    return block;
  }
}

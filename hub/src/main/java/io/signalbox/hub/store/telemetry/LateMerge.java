package io.signalbox.hub.store.telemetry;

import io.signalbox.hub.store.telemetry.codec.PointBlock;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Merge of the late layer's chunks within a range: readings in time order, one per timestamp. Of
 * several, the one in the chunk with the highest id wins, which arrived last. Bodies are read
 * lazily. One thread.
 */
final class LateMerge {
  private final ChunkSource chunks;
  private final long from;
  private final long to;
  private final PriorityQueue<Source> sources =
      new PriorityQueue<>(
          Comparator.comparingLong((Source source) -> source.ts)
              .thenComparing(Comparator.comparingLong((Source source) -> source.id).reversed()));

  /** A chunk and the position in it. */
  private static final class Source {
    final long id;
    @Nullable PointBlock block;
    int at;
    long ts;

    Source(long id, long ts) {
      this.id = id;
      this.ts = ts;
    }
  }

  LateMerge(ChunkSource chunks, SeriesSnapshot snapshot, long from, long to) {
    this.chunks = chunks;
    this.from = from;
    this.to = to;
    for (ChunkHead head : chunks.late(from, to)) {
      if (head.id() == snapshot.lateId()) {
        continue;
      }
      Source source = new Source(head.id(), head.first());
      if (head.first() < from) {
        open(source, chunks.load(head.id()));
      } else {
        sources.add(source);
      }
    }
    if (snapshot.late() != null) {
      open(new Source(snapshot.lateId(), 0), snapshot.late());
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
  boolean pass(SeriesScan.Sink sink) {
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

  private void skip() {
    Source head = sources.remove();
    PointBlock block = opened(head);
    head.at++;
    requeue(head, block);
  }

  private PointBlock opened(Source source) {
    PointBlock block = source.block;
    if (block == null) {
      block = chunks.load(source.id);
      source.block = block;
      source.at = block.indexOf(source.ts);
    }
    return block;
  }
}

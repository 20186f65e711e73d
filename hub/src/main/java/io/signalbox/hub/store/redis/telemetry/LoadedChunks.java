package io.signalbox.hub.store.redis.telemetry;

import io.signalbox.hub.store.telemetry.ChunkHead;
import io.signalbox.hub.store.telemetry.ChunkSource;
import io.signalbox.hub.store.telemetry.SeriesScan;
import io.signalbox.hub.store.telemetry.SeriesSnapshot;
import io.signalbox.hub.store.telemetry.codec.ChunkCodec;
import io.signalbox.hub.store.telemetry.codec.PointBlock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Chunks of a series that were read in advance: one page of the main layer, and all of the late
 * layer that can overlap it. Bodies of the page before are kept, because a reducer may ask for one
 * when its bucket ends. One thread at a time.
 */
final class LoadedChunks implements ChunkSource {
  private List<ChunkHead> main = List.of();
  private List<ChunkHead> late = List.of();
  private Map<Long, PointBlock> bodies = new HashMap<>();
  private Map<Long, PointBlock> before = Map.of();

  /** Sets the chunks of the late layer. */
  void late(List<ChunkHead> heads) {
    late = heads;
  }

  /** Goes on to a page of the main layer. */
  void page(List<ChunkHead> heads) {
    main = heads;
    before = bodies;
    bodies = new HashMap<>();
    for (ChunkHead head : late) {
      PointBlock block = before.get(head.id());
      if (block != null) {
        bodies.put(head.id(), block);
      }
    }
  }

  /** Chunks whose bodies a scan of the range may read and that are not there yet. */
  List<Long> missing(SeriesScan.Sink sink, SeriesSnapshot snapshot, long from, long to) {
    List<Long> missing = new ArrayList<>();
    for (ChunkHead head : late(from, to)) {
      if (!bodies.containsKey(head.id())) {
        missing.add(head.id());
      }
    }
    for (int i = 0; i < main.size(); i++) {
      ChunkHead head = main.get(i);
      ChunkHead next = i + 1 < main.size() ? main.get(i + 1) : null;
      boolean whole = head.first() >= from && head.last() < to && !isMerged(head, snapshot);
      if (!whole || sink.needsBody(head, next)) {
        missing.add(head.id());
      }
    }
    return missing;
  }

  /** Whether readings that are not in the chunk may lie among its own. */
  private boolean isMerged(ChunkHead head, SeriesSnapshot snapshot) {
    return overlaps(snapshot.main(), head)
        || overlaps(snapshot.late(), head)
        || !late(head.first(), head.last() + 1).isEmpty();
  }

  private static boolean overlaps(@Nullable PointBlock block, ChunkHead head) {
    int at = block == null ? 0 : block.indexOf(head.first());
    return block != null && at < block.size() && block.ts(at) <= head.last();
  }

  /** Adds bodies; a chunk without one was deleted in the meantime. */
  void add(List<Long> ids, List<byte @Nullable []> found) {
    for (int i = 0; i < ids.size(); i++) {
      long id = ids.get(i);
      byte[] body = found.get(i);
      if (body == null) {
        main = main.stream().filter(head -> head.id() != id).toList();
        late = late.stream().filter(head -> head.id() != id).toList();
      } else {
        bodies.put(id, ChunkCodec.decode(body));
      }
    }
  }

  @Override
  public void main(long from, Predicate<ChunkHead> consumer) {
    for (ChunkHead head : main) {
      if (head.last() >= from && !consumer.test(head)) {
        return;
      }
    }
  }

  @Override
  public List<ChunkHead> late(long from, long to) {
    return late.stream().filter(head -> head.last() >= from && head.first() < to).toList();
  }

  @Override
  public PointBlock load(long id) {
    PointBlock block = bodies.get(id);
    block = block == null ? before.get(id) : block;
    if (block == null) {
      throw new IllegalStateException("chunk " + id + " was not read in advance");
    }
    return block;
  }
}

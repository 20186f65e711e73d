package io.signalbox.hub.store.redis.telemetry;

import io.signalbox.hub.store.telemetry.ChunkHead;
import io.signalbox.hub.store.telemetry.codec.ChunkCodec;
import io.signalbox.hub.store.telemetry.codec.PointBlock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builder of what a seal writes, as arguments of {@code seal.lua}: per series the new state, full
 * chunks, and as tails what is too little for a chunk. One thread.
 */
final class SeriesSeal {
  private final int chunkReadings;
  private final List<Object> args = new ArrayList<>();
  private long id;

  /**
   * A seal without series.
   *
   * @param chunkReadings readings of a full chunk
   * @param lastId last id of a chunk of the device
   */
  SeriesSeal(int chunkReadings, long lastId) {
    this.chunkReadings = chunkReadings;
    this.id = lastId;
  }

  /** The last id of a chunk of the device. */
  long lastId() {
    return id;
  }

  /** The arguments for all series. */
  List<Object> args() {
    return args;
  }

  /** Adds a series. */
  void add(String metric, OpenSeries series) {
    List<PointBlock> main = pieces(series.main());
    List<PointBlock> late = pieces(series.late());
    SeriesState state = series.state();
    SeriesState sealed =
        main.isEmpty()
            ? state
            : new SeriesState(state.last(), state.first(), main.getLast().last(), state.latest());
    args.add(metric);
    args.add(sealed.encode());
    args.add(series.added());
    args.add(oldest(main, oldest(late, state.last())));
    args.add(OpenSeries.encodeTail(main.isEmpty() ? series.main() : null));
    args.add(OpenSeries.encodeTail(late.isEmpty() ? series.late() : null));
    chunks(main);
    chunks(late);
  }

  private static long oldest(List<PointBlock> pieces, long oldest) {
    return pieces.stream().mapToLong(PointBlock::last).reduce(oldest, Math::min);
  }

  /** Chunks of about the usual size; none if the readings are too few. */
  private List<PointBlock> pieces(@Nullable PointBlock block) {
    if (block == null || !block.isFull(Math.max(1, chunkReadings * 3 / 4))) {
      return List.of();
    }
    int count = Math.max(1, Math.round((float) block.size() / chunkReadings));
    List<PointBlock> pieces = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long size = block.size();
      pieces.add(block.slice((int) (size * i / count), (int) (size * (i + 1) / count)));
    }
    return pieces;
  }

  private void chunks(List<PointBlock> pieces) {
    args.add(pieces.size());
    for (PointBlock piece : pieces) {
      ChunkHead head = ChunkHead.of(++id, piece);
      args.add(head.last());
      args.add(ChunkHeadCodec.encode(head));
      args.add(ChunkCodec.encode(piece));
    }
  }
}

package io.signalbox.hub.store.redis.telemetry;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.store.redis.telemetry.OpenReadings.Arrived;
import io.signalbox.hub.store.telemetry.SeriesSnapshot;
import io.signalbox.hub.store.telemetry.codec.ByteSink;
import io.signalbox.hub.store.telemetry.codec.ChunkCodec;
import io.signalbox.hub.store.telemetry.codec.PointBlock;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The readings of a series that are not in full chunks: its tails with those of the open string
 * added. A reading newer than the full chunks of the main layer belongs to this layer, any other
 * one to the late layer. Immutable; the blocks are settled.
 *
 * @param state with the readings of the open string included
 * @param main readings for the main layer; null if none
 * @param late readings for the late layer; null if none
 * @param added readings more than in the tails
 */
record OpenSeries(
    SeriesState state, @Nullable PointBlock main, @Nullable PointBlock late, int added) {

  /** Bytes before the body of a tail: its first time, for scripts. */
  private static final int TAIL_HEAD = 8;

  /**
   * Adds arrived readings to the tails.
   *
   * @param mainTail null or empty if there is none
   * @param lateTail null or empty if there is none
   */
  static OpenSeries of(
      String metric,
      SeriesState state,
      byte @Nullable [] mainTail,
      byte @Nullable [] lateTail,
      List<Arrived> arrived) {
    PointBlock main = decodeTail(mainTail);
    PointBlock late = decodeTail(lateTail);
    int before = size(main) + size(late);
    Reading latest = state.latest();
    for (Arrived each : arrived) {
      if (each.ts() > state.sealedUntil()) {
        main = main == null ? new PointBlock(arrived.size()) : main;
        main.add(each.ts(), each.value());
      } else {
        late = late == null ? new PointBlock(4) : late;
        late.add(each.ts(), each.value());
      }
      if (SeriesState.isNewest(latest, each.ts(), each.arrival())) {
        latest = new Reading(metric, each.ts(), each.value());
      }
    }
    long last = settle(main, settle(late, state.last()));
    long first = first(main, first(late, state.first()));
    return new OpenSeries(
        new SeriesState(last, first, state.sealedUntil(), latest),
        main,
        late,
        size(main) + size(late) - before);
  }

  private static long settle(@Nullable PointBlock block, long last) {
    if (block == null) {
      return last;
    }
    block.settle();
    return Math.max(last, block.last());
  }

  private static long first(@Nullable PointBlock block, long first) {
    return block == null ? first : Math.min(first, block.first());
  }

  private static int size(@Nullable PointBlock block) {
    return block == null ? 0 : block.size();
  }

  private static @Nullable PointBlock decodeTail(byte @Nullable [] tail) {
    return tail == null || tail.length == 0
        ? null
        : ChunkCodec.decode(Arrays.copyOfRange(tail, TAIL_HEAD, tail.length));
  }

  /** The encoding of a tail; empty for null. */
  static byte[] encodeTail(@Nullable PointBlock block) {
    if (block == null) {
      return new byte[0];
    }
    byte[] body = ChunkCodec.encode(block);
    ByteSink sink = new ByteSink(TAIL_HEAD + body.length);
    sink.u64(block.first());
    sink.raw(body, 0, body.length);
    return sink.toBytes();
  }

  /** The readings for a scan; those of the late layer arrived after all of its full chunks. */
  SeriesSnapshot snapshot() {
    return new SeriesSnapshot(0, main, Long.MAX_VALUE, late);
  }
}

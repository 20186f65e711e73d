package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.store.telemetry.RetentionCutoff;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pruner of readings of deleted devices, and of readings older than the retention, in whole days
 * (UTC). A series with only expired readings is deleted. Works in slices with separate
 * transactions; unfinished work continues after a restart. Writer thread only.
 */
final class RetentionPruner {
  private static final long PAUSE = 20_000_000L;

  private static final int MOST_SERIES = 64;
  private static final int MOST_CHUNKS = 256;

  private final ChunkRepository chunks;
  private final SeriesIndex index;
  private final Duration retention;
  private final HubClock clock;
  private final ArrayDeque<Long> dropped;
  private final ArrayDeque<LiveSeries> toPrune = new ArrayDeque<>();
  private long cutoff = Long.MIN_VALUE;
  private long lastPruned;

  RetentionPruner(ChunkRepository chunks, SeriesIndex index, Duration retention, HubClock clock)
      throws SQLException {
    this.chunks = chunks;
    this.index = index;
    this.retention = retention;
    this.clock = clock;
    dropped = new ArrayDeque<>(chunks.dropped());
  }

  /** Deletes the device's series durably; their chunks are deleted later, in slices. */
  void forget(String device) throws SQLException {
    drop(index.listOf(device));
  }

  private void drop(List<LiveSeries> series) throws SQLException {
    if (series.isEmpty()) {
      return;
    }
    chunks.transaction(
        () -> {
          for (LiveSeries each : series) {
            chunks.drop(each);
          }
        });
    index.change(() -> series.forEach(this::remove));
  }

  private void remove(LiveSeries series) {
    series.gone = true;
    index.remove(series);
    dropped.add(series.id);
  }

  /** Whether anything must be deleted. */
  boolean hasWork() {
    return !dropped.isEmpty() || !toPrune.isEmpty() || aDayIsOver();
  }

  /** Whether anything must be deleted and commits could run since the last slice. */
  boolean isDue(long nanoTime) {
    return nanoTime - lastPruned >= PAUSE && hasWork();
  }

  private boolean aDayIsOver() {
    return RetentionCutoff.of(clock, retention) > cutoff;
  }

  /** Deletes one slice. */
  void prune(long nanoTime) throws SQLException {
    lastPruned = nanoTime;
    if (!dropped.isEmpty()) {
      chunks.transaction(this::pruneDropped);
      return;
    }
    if (toPrune.isEmpty()) {
      cutoff = RetentionCutoff.of(clock, retention);
      toPrune.addAll(index.all());
    }
    pruneNext();
  }

  private void pruneDropped() throws SQLException {
    long series = dropped.element();
    boolean more =
        chunks.prune(series, false, Long.MAX_VALUE, 0) > 0
            || chunks.prune(series, true, Long.MAX_VALUE, 0) > 0;
    if (!more) {
      chunks.dropIsOver(series);
      dropped.remove();
    }
  }

  private void pruneNext() throws SQLException {
    List<LiveSeries> over = new ArrayList<>();
    chunks.transaction(
        () -> {
          int chunks = 0;
          for (int i = 0; i < MOST_SERIES && chunks < MOST_CHUNKS && !toPrune.isEmpty(); i++) {
            LiveSeries series = toPrune.element();
            int pruned = visit(series, over);
            chunks += pruned;
            if (pruned == 0) {
              toPrune.remove();
            }
          }
        });
    drop(over);
  }

  /** Deletes some chunks of the series; 0 if none is left to delete. */
  private int visit(LiveSeries series, List<LiveSeries> over) throws SQLException {
    if (series.gone || !series.hasReadings()) {
      return 0;
    }
    if (series.last < cutoff) {
      over.add(series);
      return 0;
    }
    return prune(series, false, series.main) + prune(series, true, series.late);
  }

  private int prune(LiveSeries series, boolean late, @Nullable OpenChunk tail) throws SQLException {
    return chunks.prune(series.id, late, cutoff, tail == null ? 0 : tail.row);
  }
}

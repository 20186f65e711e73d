package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.store.telemetry.codec.PointBlock;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compactor that moves readings from the journal to chunks, in slices with separate transactions,
 * so that commits never wait for more than one slice.
 *
 * <p>A full chunk is sealed. While the journal exceeds its limit, the open chunks of the series
 * with the oldest entries are written as rows as well, so that those entries can be deleted. Such a
 * row is rewritten as its chunk grows, at most once per cycle of the journal, which bounds both the
 * write amplification and the replay at a start. Open chunks stay in memory; when they exceed their
 * limit, those of idle series are evicted, and loaded again with the series' next reading.
 *
 * <p>Memory changes only after the transaction is durable. Writer thread only.
 */
final class JournalCompactor {
  private static final int SLICE = 128;
  private static final int MANY_RIPE = 64;
  private static final int GIVEN_BACK_AT_ONCE = 512;
  private static final long PAUSE = 100_000_000L;
  private static final long MANY_ENTRIES = 256;

  private final ChunkRepository chunks;
  private final Journal journal;
  private final SeriesIndex index;
  private final ChunkWriter writer;
  private final TelemetrySettings settings;

  private final ArrayDeque<LiveSeries> ripe = new ArrayDeque<>();
  private final ArrayDeque<Dirty> dirty = new ArrayDeque<>();
  private final OpenChunkEvictor eviction;
  private long journalBytes;
  private long lastTidied;

  /** A series with unwritten readings since an entry, and the journal's size at that entry. */
  private record Dirty(LiveSeries series, long since, long bytesBefore) {
    boolean isOver() {
      return series.gone || series.dirtySince != since;
    }
  }

  JournalCompactor(
      ChunkRepository chunks,
      Journal journal,
      SeriesIndex index,
      ChunkWriter writer,
      TelemetrySettings settings) {
    this.chunks = chunks;
    this.journal = journal;
    this.index = index;
    this.writer = writer;
    this.settings = settings;
    eviction = new OpenChunkEvictor(index, settings.maxOpenChunkBytes());
  }

  /** Counts the bytes of a new journal entry. */
  void grown(long bytes) {
    journalBytes += bytes;
  }

  /** Records that the series has added a reading of the entry to the block. */
  void took(LiveSeries series, PointBlock block, long entry) {
    if (series.dirtySince == 0) {
      series.dirtySince = entry;
      dirty.add(new Dirty(series, entry, journalBytes));
    }
    if (!series.ripe && block.isFull(series.chunkReadings(settings.chunkReadings()))) {
      series.ripe = true;
      ripe.add(series);
    }
  }

  /** Whether enough work is pending to compact now. */
  boolean isDue(long nanoTime) {
    return ripe.size() >= MANY_RIPE
        || journalLength() > 2 * settings.maxJournalBytes()
        || (nanoTime - lastTidied >= PAUSE && hasWork(MANY_ENTRIES));
  }

  /** Whether any work is pending, counting deletions from this number of entries on. */
  boolean hasWork(long entries) {
    return !ripe.isEmpty()
        || eviction.hasWork(journalBytes)
        || journalLength() > settings.maxJournalBytes()
        || journal.hasBefore(oldestNeeded() - entries);
  }

  /** Compacts one slice. */
  void tidy(long nanoTime) throws SQLException {
    lastTidied = nanoTime;
    slice(settings.maxJournalBytes(), eviction.next(journalBytes, SLICE));
  }

  /** Returns some free pages to the disk; the result is the free bytes that the file keeps. */
  long giveBack() throws SQLException {
    return chunks.giveBack(GIVEN_BACK_AT_ONCE);
  }

  /** Empties the journal. */
  void finish() throws SQLException {
    while (oldest() != null || journal.hasBefore(oldestNeeded())) {
      slice(-1, List.of());
    }
  }

  private void slice(long mostJournal, List<LiveSeries> idle) throws SQLException {
    // Each series once, with whether to evict it from memory.
    Map<LiveSeries, Boolean> chosen = new LinkedHashMap<>();
    idle.forEach(series -> chosen.put(series, true));
    chooseRipe(chosen);
    chooseOldest(chosen, mostJournal);
    List<ChunkWriter.Written> written = new ArrayList<>();
    long needed = oldestNeeded();
    chunks.transaction(
        () -> {
          journal.deleteBefore(needed);
          for (Map.Entry<LiveSeries, Boolean> each : chosen.entrySet()) {
            written.add(writer.write(each.getKey(), each.getValue(), journal.last()));
          }
        });
    journal.deleted(needed);
    index.change(() -> written.forEach(writer::settled));
    ripe.removeIf(series -> !series.ripe || series.gone);
  }

  private void chooseRipe(Map<LiveSeries, Boolean> chosen) {
    for (LiveSeries series : ripe) {
      if (chosen.size() >= SLICE) {
        return;
      }
      if (!series.gone) {
        chosen.putIfAbsent(series, false);
      }
    }
  }

  private void chooseOldest(Map<LiveSeries, Boolean> chosen, long mostJournal) {
    for (Dirty next : dirty) {
      if (chosen.size() >= SLICE || journalBytes - next.bytesBefore() <= mostJournal) {
        return;
      }
      if (!next.isOver()) {
        chosen.putIfAbsent(next.series(), false);
      }
    }
  }

  private @Nullable Dirty oldest() {
    Dirty head = dirty.peek();
    while (head != null && head.isOver()) {
      dirty.remove();
      head = dirty.peek();
    }
    return head;
  }

  /** The oldest entry with readings that are not in rows yet. */
  private long oldestNeeded() {
    Dirty head = oldest();
    return head == null ? journal.last() + 1 : head.since();
  }

  private long journalLength() {
    Dirty head = oldest();
    return head == null ? 0 : journalBytes - head.bytesBefore();
  }
}

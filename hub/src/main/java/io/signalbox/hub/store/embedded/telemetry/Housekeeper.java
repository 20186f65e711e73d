package io.signalbox.hub.store.embedded.telemetry;

import io.signalbox.hub.store.embedded.telemetry.codec.Block;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Moves readings from the journal to chunks, a slice at a time in transactions of its own, so that
 * commits never wait for more than one slice.
 *
 * <p>A chunk is sealed when it is full. While the journal is longer than its bound, the series that
 * have waited longest have their open chunks written as rows too, though not full: then nothing
 * holds their entries any more. Such a row is written again as its chunk grows, at most once per
 * turn of the journal, which bounds both what is written twice and what a start must replay. An
 * open chunk stays in memory; when all of them take too much, those of idle series are left to
 * their rows, and read back when the series speaks again.
 *
 * <p>In memory nothing changes before its transaction is durable. Writer thread only.
 */
final class Housekeeper {
  private static final int SLICE = 128;
  private static final int MANY_RIPE = 64;
  private static final long PAUSE = 100_000_000L;
  private static final long MANY_ENTRIES = 256;

  private final Archive archive;
  private final Journal journal;
  private final SeriesIndex index;
  private final RowIds rows;
  private final TelemetrySettings settings;
  private final Pulse pulse;

  private final ArrayDeque<Series> ripe = new ArrayDeque<>();
  private final ArrayDeque<Dirty> dirty = new ArrayDeque<>();
  private long journalBytes;
  private long lastTidied;

  /** A series that has waited since the entry, when so many bytes had gone into the journal. */
  private record Dirty(Series series, long since, long bytesBefore) {
    boolean isOver() {
      return series.gone || series.dirtySince != since;
    }
  }

  /** A series as it stands once the transaction is durable. */
  private record Written(Series series, SeriesState state, boolean leave) {}

  Housekeeper(
      Archive archive,
      Journal journal,
      SeriesIndex index,
      RowIds rows,
      TelemetrySettings settings,
      Pulse pulse) {
    this.archive = archive;
    this.journal = journal;
    this.index = index;
    this.rows = rows;
    this.settings = settings;
    this.pulse = pulse;
  }

  /** An entry of so many bytes is in the journal. */
  void grown(long bytes) {
    journalBytes += bytes;
  }

  /** The series has taken a reading of the entry, into the block. */
  void took(Series series, Block block, long entry) {
    if (series.dirtySince == 0) {
      series.dirtySince = entry;
      dirty.add(new Dirty(series, entry, journalBytes));
    }
    if (!series.ripe && block.isFull(settings.chunkReadings())) {
      series.ripe = true;
      ripe.add(series);
    }
  }

  /** Whether there is enough to do to do it now. */
  boolean isDue(long nanoTime) {
    return ripe.size() >= MANY_RIPE || (nanoTime - lastTidied >= PAUSE && hasWork(MANY_ENTRIES));
  }

  /** Whether there is anything to do; so many entries to delete are worth it. */
  boolean hasWork(long entries) {
    return !ripe.isEmpty()
        || journalLength() > settings.journalBytes()
        || journal.hasBefore(oldestNeeded() - entries);
  }

  /** Does one slice of what there is to do. */
  void tidy(long nanoTime) throws SQLException {
    lastTidied = nanoTime;
    slice(settings.journalBytes());
  }

  /** Leaves nothing in the journal. */
  void finish() throws SQLException {
    while (oldest() != null || journal.hasBefore(oldestNeeded())) {
      slice(-1);
    }
  }

  private void slice(long mostJournal) throws SQLException {
    List<Written> written = new ArrayList<>();
    archive.begin();
    try {
      long deleted = journal.deleteBefore(oldestNeeded());
      writeRipe(written);
      writeOldest(written, mostJournal);
      archive.commit();
      journal.deleted(deleted);
    } catch (SQLException | RuntimeException e) {
      archive.rollback();
      throw e;
    }
    index.change(() -> written.forEach(this::settled));
    ripe.removeIf(series -> !series.ripe || series.gone);
  }

  private void writeRipe(List<Written> written) throws SQLException {
    for (Series series : ripe) {
      if (written.size() == SLICE) {
        return;
      }
      if (!series.gone) {
        written.add(write(series, false));
      }
    }
  }

  private void writeOldest(List<Written> written, long mostJournal) throws SQLException {
    Iterator<Dirty> waiting = dirty.iterator();
    while (written.size() < SLICE && waiting.hasNext()) {
      Dirty next = waiting.next();
      if (journalBytes - next.bytesBefore() <= mostJournal) {
        return;
      }
      if (!next.isOver() && !next.series().ripe) {
        written.add(write(next.series(), false));
      }
    }
  }

  private Written write(Series series, boolean leave) throws SQLException {
    index.change(() -> settle(series));
    Layer main = write(series, false, series.main, leave);
    Layer late = write(series, true, series.late, leave);
    SeriesState state =
        new SeriesState(
            series.id,
            series.device,
            series.metric,
            journal.last(),
            series.last,
            Math.max(series.sealedUntil, main.sealedUntil()),
            main.row(),
            main.last(),
            late.row(),
            late.last());
    archive.update(state);
    return new Written(series, state, leave);
  }

  private static void settle(Series series) {
    settle(series.main);
    settle(series.late);
  }

  private static void settle(@Nullable Tail tail) {
    if (tail != null && tail.block != null) {
      tail.block.settle();
    }
  }

  /** The open chunk that a layer is left with (row 0 if none), and until when it is sealed. */
  private record Layer(long row, long last, long sealedUntil) {
    static final Layer EMPTY = new Layer(0, Tail.NONE, Tail.NONE);
  }

  private Layer write(Series series, boolean late, @Nullable Tail tail, boolean leave)
      throws SQLException {
    if (tail == null) {
      return Layer.EMPTY;
    }
    Block block = tail.block;
    int enough = settings.chunkReadings() * (leave ? 1 : 3) / 4;
    boolean seals = block != null && block.isFull(Math.max(1, enough));
    if (block == null || (!tail.dirty && !seals)) {
      return new Layer(tail.row, tail.storedLast, Tail.NONE);
    }
    if (tail.isStored()) {
      archive.unlist(series.id, late, tail);
    }
    int pieces =
        seals ? Math.max(1, Math.round((float) block.size() / settings.chunkReadings())) : 1;
    for (int i = 0; i < pieces; i++) {
      long row = i == 0 ? tail.row : rows.next();
      write(series, late, row, piece(block, i, pieces));
    }
    return seals
        ? new Layer(0, Tail.NONE, late ? Tail.NONE : block.last())
        : new Layer(tail.row, block.last(), Tail.NONE);
  }

  private static Block piece(Block block, int i, int pieces) {
    if (pieces == 1) {
      return block;
    }
    long size = block.size();
    return block.slice((int) (size * i / pieces), (int) (size * (i + 1) / pieces));
  }

  private void write(Series series, boolean late, long row, Block block) throws SQLException {
    pulse.chunkBytes.add(archive.write(series.id, late, row, block));
  }

  private void settled(Written written) {
    Series series = written.series();
    SeriesState state = written.state();
    series.upTo = state.upTo();
    series.sealedUntil = state.sealedUntil();
    series.main = settled(series.main, state.mainRow(), state.mainLast(), written.leave());
    series.late = settled(series.late, state.lateRow(), state.lateLast(), written.leave());
    series.dirtySince = 0;
    series.ripe = false;
  }

  private static @Nullable Tail settled(
      @Nullable Tail tail, long row, long storedLast, boolean leave) {
    if (tail == null || row == 0) {
      return null;
    }
    tail.storedLast = storedLast;
    tail.dirty = false;
    if (leave) {
      tail.block = null;
    }
    return tail;
  }

  private @Nullable Dirty oldest() {
    Dirty head = dirty.peek();
    while (head != null && head.isOver()) {
      dirty.remove();
      head = dirty.peek();
    }
    return head;
  }

  /** The oldest entry that some reading still needs. */
  private long oldestNeeded() {
    Dirty head = oldest();
    return head == null ? journal.last() + 1 : head.since();
  }

  private long journalLength() {
    Dirty head = oldest();
    return head == null ? 0 : journalBytes - head.bytesBefore();
  }
}

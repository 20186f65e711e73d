package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.store.sqlite.DiskReserve;
import io.signalbox.hub.store.sqlite.ReaderPool;
import io.signalbox.hub.store.sqlite.StoreHealth;
import io.signalbox.hub.store.telemetry.SeriesScan;
import io.signalbox.hub.store.telemetry.SeriesSnapshot;
import io.signalbox.hub.telemetry.Aggregate;
import io.signalbox.hub.telemetry.BatchResult;
import io.signalbox.hub.telemetry.MetricSummary;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.SeriesRange;
import io.signalbox.hub.telemetry.StateHistory;
import io.signalbox.hub.telemetry.StoreStatistics;
import io.signalbox.hub.telemetry.TelemetryStore;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Telemetry store in one SQLite file.
 *
 * <p><b>Write path.</b> Batches wait in a bounded queue. One thread, the {@link TelemetryWriter},
 * takes all waiting batches and writes them as one row of the table {@code journal}, with one
 * commit and one fsync; then it updates memory and completes the futures ({@link GroupCommit}). In
 * memory each series has an open chunk. A full chunk becomes a chunk row; a journal entry is
 * deleted once all of its readings are in chunk rows ({@link JournalCompactor}). A start loads the
 * list of series and replays the journal ({@link JournalReplay}).
 *
 * <p><b>No loss.</b> Memory changes only after the disk, so a failed commit or compaction leaves
 * memory unchanged and needs no rollback there. Only the oldest journal entries are deleted, after
 * or together with the durable write of the rows that replace them.
 *
 * <p><b>No duplicates.</b> All open chunks of a series are written together, in one transaction
 * that also records up to which journal entry the series is complete. A replay skips a series'
 * readings up to that entry, so a reading that is in a row and still in the journal is recovered
 * once. Ids of entries, series and chunks are never reused.
 *
 * <p><b>Late and repeated readings</b> are separated by layers, see {@link LiveSeries}. A read
 * merges the layers and returns one reading per timestamp, the one that arrived last ({@link
 * SeriesScan}).
 *
 * <p><b>Queries</b> first copy the series' readings in memory and then read the rows, in this order
 * ({@link SeriesSnapshot}), so they see every acknowledged reading. They run on separate threads
 * with separate connections ({@link ReaderPool}) and never delay a commit.
 *
 * <p>Threading: any thread; futures complete on the store's threads.
 */
public final class SqliteTelemetryStore implements TelemetryStore {
  private static final int MAX_QUERIES = 4096;

  private final TelemetryFile file;
  private final SeriesIndex index;
  private final QueryEngine answers;
  private final TelemetryWriter telemetryWriter;
  private final ReaderPool readers;
  private final TelemetryCounters counters;

  private SqliteTelemetryStore(
      TelemetryFile file,
      SeriesIndex index,
      TelemetryWriter telemetryWriter,
      TelemetryCounters counters,
      DiskReserve disk) {
    this.file = file;
    this.index = index;
    answers = new QueryEngine(index);
    this.telemetryWriter = telemetryWriter;
    this.counters = counters;
    readers =
        new ReaderPool(
            file.sqlite(),
            TelemetryFile.errors(disk),
            new StoreHealth("The telemetry store", "read", "queries", disk),
            Thread.ofPlatform().name("telemetry-reader").daemon().factory(),
            MAX_QUERIES,
            "too many queries are waiting");
  }

  /**
   * Opens the store of a data directory, which is created if missing. Blocks while the journal is
   * replayed, about one second per million readings.
   *
   * @param disk the reserve for a full disk
   * @param clock Unix milliseconds, for the retention
   * @throws IOException if the store cannot be opened; the message gives the reason: the directory
   *     is in use, the file belongs to another program or is damaged, or the disk fails
   */
  public static SqliteTelemetryStore open(
      Path directory, TelemetrySettings settings, DiskReserve disk, HubClock clock)
      throws IOException {
    TelemetryFile file = TelemetryFile.open(directory, disk);
    try {
      return open(file, settings, disk, clock);
    } catch (SQLException e) {
      file.close();
      throw new IOException(
          "cannot open the telemetry store in %s: %s"
              .formatted(
                  directory, disk.isBecauseFull(e) ? disk.words() : TelemetryFile.describe(e)),
          e);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Opens the store without a reserve. */
  public static SqliteTelemetryStore open(
      Path directory, TelemetrySettings settings, HubClock clock) throws IOException {
    Files.createDirectories(directory);
    return open(directory, settings, DiskReserve.none(directory), clock);
  }

  static SqliteTelemetryStore open(
      TelemetryFile file, TelemetrySettings settings, DiskReserve disk, HubClock clock)
      throws SQLException, IOException {
    TelemetryCounters counters = new TelemetryCounters();
    SeriesIndex index = new SeriesIndex(clock);
    ChunkRepository chunks = new ChunkRepository(file.writer());
    Journal journal = new Journal(file.writer());
    ChunkIdSequence rows = new ChunkIdSequence(chunks.lastChunk());
    ChunkWriter writer = new ChunkWriter(chunks, index, rows, settings, counters);
    JournalCompactor compactor = new JournalCompactor(chunks, journal, index, writer, settings);
    counters.replayed.add(new JournalReplay(chunks, compactor, index, rows).run(journal));
    GroupCommit groupCommit = new GroupCommit(chunks, journal, index, rows, compactor, counters);
    RetentionPruner pruner = new RetentionPruner(chunks, index, settings.retention(), clock);
    TelemetryWriter telemetryWriter =
        new TelemetryWriter(groupCommit, compactor, pruner, settings, disk, counters);
    telemetryWriter.start();
    return new SqliteTelemetryStore(file, index, telemetryWriter, counters, disk);
  }

  @Override
  public Future<BatchResult> append(TelemetryBatch batch) {
    return telemetryWriter.append(batch);
  }

  @Override
  public Future<Map<String, Map<String, Reading>>> latest(Collection<String> devices) {
    return query(reader -> answers.latest(reader, devices));
  }

  @Override
  public Future<List<MetricSummary>> metrics(String device) {
    return query(reader -> answers.metrics(reader, device));
  }

  @Override
  public Future<List<Point>> read(SeriesRange range, int limit) {
    return query(reader -> answers.read(reader, range, limit));
  }

  @Override
  public Future<List<Point>> sample(SeriesRange range, int points, Aggregate aggregate) {
    return query(reader -> answers.sample(reader, range, points, aggregate));
  }

  @Override
  public Future<StateHistory> states(SeriesRange range, long now, int spans) {
    return query(reader -> answers.states(reader, range, now, spans));
  }

  /** A query on chunk rows. */
  @FunctionalInterface
  private interface Query<T> {
    T run(ChunkReader reader) throws SQLException;
  }

  private <T> Future<T> query(Query<T> query) {
    return readers.read(sql -> run(query, new ChunkReader(sql)));
  }

  private static <T> T run(Query<T> query, ChunkReader reader) throws SQLException {
    try {
      return query.run(reader);
    } catch (UncheckedSqlException e) {
      throw e.sqlException();
    }
  }

  @Override
  public Future<Void> forget(String device) {
    return telemetryWriter.forget(device);
  }

  @Override
  public Future<Void> close() {
    return telemetryWriter.close().eventually(this::release);
  }

  private Future<Void> release() {
    try {
      readers.close();
      file.close();
      return Future.succeededFuture();
    } catch (InterruptedException e) {
      return Future.failedFuture(e);
    }
  }

  @Override
  public @Nullable String trouble() {
    return telemetryWriter.trouble();
  }

  @Override
  public StoreStatistics statistics() {
    long series = index.look(() -> (long) index.all().size());
    return new StoreStatistics(counters.commits(), counters.replayed(), counters.waiting(), series);
  }

  /** Counters since the store was opened. */
  public TelemetryCounters counters() {
    return counters;
  }
}

package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.store.sqlite.DiskReserve;
import io.signalbox.hub.telemetry.Aggregate;
import io.signalbox.hub.telemetry.MetricSummary;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.SeriesRange;
import io.signalbox.hub.telemetry.StateHistory;
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
 * Readings in one SQLite file.
 *
 * <p><b>How a reading travels.</b> Batches wait in a bounded queue. One thread, the {@link
 * TelemetryWriter}, takes all that wait and writes them as one row of the table {@code journal}:
 * one commit, one fsync, and only then are the futures completed and memory changed ({@link
 * GroupCommit}). In memory each series has an open chunk. When it is full it becomes a chunk row,
 * and an entry of which every reading is in a chunk row is deleted from the journal ({@link
 * JournalCompactor}). A start reads the list of series and replays the journal ({@link
 * JournalReplay}).
 *
 * <p><b>None lost.</b> Memory never runs ahead of the disk, so a commit or a tidying that fails
 * leaves memory as it was: nothing has to be taken back. Entries go from the oldest end only, after
 * the rows that make them superfluous are durable in the same or an earlier transaction.
 *
 * <p><b>None twice.</b> Whenever a series' open chunks are written, all of them are, in one
 * transaction that also notes up to which journal entry the series is complete. A replay passes
 * over a series' readings of entries up to that one; so a reading that is in a row and still in the
 * journal comes back once. Numbers of entries, series and chunks never come again.
 *
 * <p><b>Late readings and repeated ones</b> are told apart by layers, see {@link LiveSeries}.
 * Reading merges the layers and yields one reading for each timestamp, the one that came last
 * ({@link SeriesScan}).
 *
 * <p><b>Queries</b> first copy what memory holds of the series and then look at the rows, in that
 * order ({@link SeriesSnapshot}), so they see everything that was acknowledged. They run on a few
 * threads of their own with their own connections ({@link ReaderPool}) and never hold up a commit.
 *
 * <p>Threading: any thread; futures complete on the store's threads.
 */
public final class SqliteTelemetryStore implements TelemetryStore {
  private final TelemetryFile file;
  private final SeriesIndex index;
  private final QueryEngine answers;
  private final TelemetryWriter telemetryWriter;
  private final ReaderPool readers;
  private final StoreHealth health;

  private SqliteTelemetryStore(
      TelemetryFile file,
      SeriesIndex index,
      TelemetryWriter telemetryWriter,
      ReaderPool readers,
      StoreHealth health) {
    this.file = file;
    this.index = index;
    answers = new QueryEngine(index);
    this.telemetryWriter = telemetryWriter;
    this.readers = readers;
    this.health = health;
  }

  /**
   * Opens the store of a data directory, which is made if it is not there. Blocks while the journal
   * is replayed, about a second for each million readings.
   *
   * @param disk what is done about a full disk
   * @param clock Unix milliseconds, by which readings grow old
   * @throws IOException whose message says in a sentence why the store cannot be opened: the
   *     directory is in use, the file is another program's, is damaged, or the disk fails
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
          "the telemetry store in %s cannot be opened: %s"
              .formatted(directory, disk.isBecauseFull(e) ? disk.words() : StoreErrors.of(e)),
          e);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** The same without a reserve. */
  public static SqliteTelemetryStore open(
      Path directory, TelemetrySettings settings, HubClock clock) throws IOException {
    Files.createDirectories(directory);
    return open(directory, settings, DiskReserve.none(directory), clock);
  }

  static SqliteTelemetryStore open(
      TelemetryFile file, TelemetrySettings settings, DiskReserve disk, HubClock clock)
      throws SQLException, IOException {
    StoreHealth health = new StoreHealth();
    SeriesIndex index = new SeriesIndex(clock);
    StatementCache statements = new StatementCache(file.writer());
    ChunkRepository chunks = new ChunkRepository(statements);
    Journal journal = new Journal(statements);
    ChunkIdSequence rows = new ChunkIdSequence(chunks.lastChunk());
    ChunkWriter writer = new ChunkWriter(chunks, index, rows, settings, health);
    JournalCompactor compactor = new JournalCompactor(chunks, journal, index, writer, settings);
    health.replayed.add(new JournalReplay(chunks, compactor, index, rows).run(journal));
    GroupCommit groupCommit = new GroupCommit(chunks, journal, index, rows, compactor, health);
    RetentionPruner pruner = new RetentionPruner(chunks, index, settings.retention(), clock);
    TelemetryWriter telemetryWriter =
        new TelemetryWriter(groupCommit, compactor, pruner, settings, disk, health);
    ReaderPool readers = new ReaderPool(file);
    telemetryWriter.start();
    return new SqliteTelemetryStore(file, index, telemetryWriter, readers, health);
  }

  @Override
  public Future<Void> append(TelemetryBatch batch) {
    return telemetryWriter.append(batch);
  }

  @Override
  public Future<Map<String, Map<String, Reading>>> latest(Collection<String> devices) {
    return readers.query(reader -> answers.latest(reader, devices));
  }

  @Override
  public Future<List<MetricSummary>> metrics(String device) {
    return readers.query(reader -> answers.metrics(reader, device));
  }

  @Override
  public Future<List<Point>> read(SeriesRange range, int limit) {
    return readers.query(reader -> answers.read(reader, range, limit));
  }

  @Override
  public Future<List<Point>> sample(SeriesRange range, int points, Aggregate aggregate) {
    return readers.query(reader -> answers.sample(reader, range, points, aggregate));
  }

  @Override
  public Future<StateHistory> states(SeriesRange range, long now, int spans) {
    return readers.query(reader -> answers.states(reader, range, now, spans));
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
    } catch (SQLException | InterruptedException e) {
      return Future.failedFuture(StoreErrors.refusal(e));
    }
  }

  /** Whether the last thing that had to be written could be. */
  public boolean healthy() {
    return health.trouble() == null;
  }

  /** What is wrong, as part of a sentence; null while the store is healthy. */
  public @Nullable String trouble() {
    return health.trouble();
  }

  /** What the store has done since it was opened. */
  public TelemetryCounters counters() {
    return new TelemetryCounters(
        health.commits.sum(),
        health.readings.sum(),
        health.journalBytes.sum(),
        health.chunkBytes.sum(),
        health.replayed.sum(),
        health.refused.sum(),
        health.waiting.get(),
        index.look(() -> (long) index.all().size()));
  }
}

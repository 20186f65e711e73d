package io.signalbox.hub.store.embedded.telemetry;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.store.embedded.DiskReserve;
import io.signalbox.hub.telemetry.Aggregate;
import io.signalbox.hub.telemetry.MetricSummary;
import io.signalbox.hub.telemetry.Point;
import io.signalbox.hub.telemetry.Range;
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
 * <p><b>How a reading travels.</b> Batches wait in a bounded queue. One thread, the {@link Scribe},
 * takes all that wait and writes them as one row of the table {@code journal}: one commit, one
 * fsync, and only then are the futures completed and memory changed ({@link GroupCommit}). In
 * memory each series has an open chunk. When it is full it becomes a chunk row, and an entry of
 * which every reading is in a chunk row is deleted from the journal ({@link Housekeeper}). A start
 * reads the list of series and replays the journal ({@link Recovery}).
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
 * <p><b>Late readings and repeated ones</b> are told apart by layers, see {@link Series}. Reading
 * merges the layers and yields one reading for each timestamp, the one that came last ({@link
 * SeriesScan}).
 *
 * <p><b>Queries</b> first copy what memory holds of the series and then look at the rows, in that
 * order ({@link Snapshot}), so they see everything that was acknowledged. They run on a few threads
 * of their own with their own connections ({@link ReadingRoom}) and never hold up a commit.
 *
 * <p>Threading: any thread; futures complete on the store's threads.
 */
public final class EmbeddedTelemetryStore implements TelemetryStore {
  private final TelemetryFile file;
  private final SeriesIndex index;
  private final Answers answers;
  private final Scribe scribe;
  private final ReadingRoom room;
  private final Pulse pulse;

  private EmbeddedTelemetryStore(
      TelemetryFile file, SeriesIndex index, Scribe scribe, ReadingRoom room, Pulse pulse) {
    this.file = file;
    this.index = index;
    answers = new Answers(index);
    this.scribe = scribe;
    this.room = room;
    this.pulse = pulse;
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
  public static EmbeddedTelemetryStore open(
      Path directory, TelemetrySettings settings, DiskReserve disk, HubClock clock)
      throws IOException {
    TelemetryFile file = TelemetryFile.open(directory, disk);
    try {
      return open(file, settings, disk, clock);
    } catch (SQLException e) {
      file.close();
      throw new IOException(
          "the telemetry store in %s cannot be opened: %s"
              .formatted(directory, disk.isBecauseFull(e) ? disk.words() : Trouble.of(e)),
          e);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** The same without a reserve. */
  public static EmbeddedTelemetryStore open(
      Path directory, TelemetrySettings settings, HubClock clock) throws IOException {
    Files.createDirectories(directory);
    return open(directory, settings, DiskReserve.none(directory), clock);
  }

  static EmbeddedTelemetryStore open(
      TelemetryFile file, TelemetrySettings settings, DiskReserve disk, HubClock clock)
      throws SQLException, IOException {
    Pulse pulse = new Pulse();
    SeriesIndex index = new SeriesIndex(clock);
    Statements statements = new Statements(file.writer());
    Archive archive = new Archive(statements);
    Journal journal = new Journal(statements);
    RowIds rows = new RowIds(archive.lastChunk());
    ChunkWriter writer = new ChunkWriter(archive, index, rows, settings, pulse);
    Housekeeper housekeeper = new Housekeeper(archive, journal, index, writer, settings);
    pulse.replayed.add(new Recovery(archive, housekeeper, index, rows).run(journal));
    GroupCommit groupCommit = new GroupCommit(archive, journal, index, rows, housekeeper, pulse);
    Pruner pruner = new Pruner(archive, index, settings.retention(), clock);
    Scribe scribe = new Scribe(groupCommit, housekeeper, pruner, settings, disk, pulse);
    ReadingRoom room = new ReadingRoom(file);
    scribe.start();
    return new EmbeddedTelemetryStore(file, index, scribe, room, pulse);
  }

  @Override
  public Future<Void> append(TelemetryBatch batch) {
    return scribe.append(batch);
  }

  @Override
  public Future<Map<String, Map<String, Reading>>> latest(Collection<String> devices) {
    return room.ask(reader -> answers.latest(reader, devices));
  }

  @Override
  public Future<List<MetricSummary>> metrics(String device) {
    return room.ask(reader -> answers.metrics(reader, device));
  }

  @Override
  public Future<List<Point>> read(Range range, int limit) {
    return room.ask(reader -> answers.read(reader, range, limit));
  }

  @Override
  public Future<List<Point>> sample(Range range, int points, Aggregate aggregate) {
    return room.ask(reader -> answers.sample(reader, range, points, aggregate));
  }

  @Override
  public Future<StateHistory> states(Range range, long now, int spans) {
    return room.ask(reader -> answers.states(reader, range, now, spans));
  }

  @Override
  public Future<Void> forget(String device) {
    return scribe.forget(device);
  }

  @Override
  public Future<Void> close() {
    return scribe.close().eventually(this::letGo);
  }

  private Future<Void> letGo() {
    try {
      room.close();
      file.close();
      return Future.succeededFuture();
    } catch (SQLException | InterruptedException e) {
      return Future.failedFuture(Trouble.refusal(e));
    }
  }

  /** Whether the last thing that had to be written could be. */
  public boolean healthy() {
    return pulse.trouble() == null;
  }

  /** What is wrong, as part of a sentence; null while the store is healthy. */
  public @Nullable String trouble() {
    return pulse.trouble();
  }

  /** What the store has done since it was opened. */
  public TelemetryCounters counters() {
    return new TelemetryCounters(
        pulse.commits.sum(),
        pulse.readings.sum(),
        pulse.journalBytes.sum(),
        pulse.chunkBytes.sum(),
        pulse.replayed.sum(),
        pulse.refused.sum(),
        pulse.waiting.get(),
        index.look(() -> (long) index.all().size()));
  }
}

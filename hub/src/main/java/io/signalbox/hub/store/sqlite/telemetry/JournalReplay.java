package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.telemetry.codec.CorruptDataException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Recovery at the start of the store: loads the series from their rows, and replays each reading of
 * the journal that is not in a chunk row. Used once, by the thread that opens the store.
 */
final class JournalReplay {
  private final ChunkRepository chunks;
  private final JournalCompactor compactor;
  private final SeriesIndex index;
  private final ChunkIdSequence rows;
  private final Map<Long, LiveSeries> byId = new HashMap<>();
  private long replayed;

  JournalReplay(
      ChunkRepository chunks, JournalCompactor compactor, SeriesIndex index, ChunkIdSequence rows) {
    this.chunks = chunks;
    this.compactor = compactor;
    this.index = index;
    this.rows = rows;
  }

  /** Recovers all series; returns the number of readings from the journal. */
  long run(Journal journal) throws SQLException, IOException {
    for (SeriesRow state : chunks.series()) {
      LiveSeries series = state.toSeries();
      index.add(series);
      byId.put(series.id, series);
    }
    long lastSeries = chunks.lastSeries();
    journal.replay((number, body) -> entry(number, body, lastSeries));
    return replayed;
  }

  private void entry(long number, byte[] body, long lastSeries) throws SQLException {
    compactor.grown(body.length);
    JournalEntry.replay(
        body, number, (id, ts, value) -> reading(number, known(id, lastSeries), ts, value));
  }

  /** The series with this id; null if its device was deleted. */
  private @Nullable LiveSeries known(long id, long lastSeries) {
    if (id > lastSeries) {
      throw new CorruptDataException("unknown series");
    }
    return byId.get(id);
  }

  private void reading(long number, @Nullable LiveSeries series, long ts, Value value)
      throws SQLException {
    if (series == null || number <= series.upTo) {
      return; // The device was deleted, or a chunk row has the reading.
    }
    chunks.recall(series, series.tailFor(ts), index);
    compactor.took(series, series.take(ts, value, rows), number);
    series.newest(new Reading(series.metric, ts, value), index.credible());
    replayed++;
  }
}

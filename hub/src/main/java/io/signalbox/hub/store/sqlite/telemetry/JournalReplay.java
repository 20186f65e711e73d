package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.sqlite.telemetry.codec.CorruptDataException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happens before the store takes anything: the series come back from their rows, and the
 * readings that are in no chunk row come back from the journal, each once. Used once, by the thread
 * that opens the store.
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

  /** Brings everything back; returns how many readings came from the journal. */
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

  /** The series of that number; null if its device has been forgotten. */
  private @Nullable LiveSeries known(long id, long lastSeries) {
    if (id > lastSeries) {
      throw new CorruptDataException("it names a series that never was");
    }
    return byId.get(id);
  }

  private void reading(long number, @Nullable LiveSeries series, long ts, Value value)
      throws SQLException {
    if (series == null || number <= series.upTo) {
      return; // Nobody wants it, or a chunk row has it.
    }
    chunks.recall(series, series.tailFor(ts), index);
    compactor.took(series, series.take(ts, value, rows), number);
    series.newest(new Reading(series.metric, ts, value), index.credible());
    replayed++;
  }
}

package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.store.sqlite.telemetry.SeriesIndex.DeviceSeries;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Atomic write of a group of batches as one journal entry. Readings are first resolved to their
 * series and encoded; memory is updated when the entry is durable. Writer thread only.
 */
final class GroupCommit {
  private final ChunkRepository chunks;
  private final Journal journal;
  private final SeriesIndex index;
  private final ChunkIdSequence rows;
  private final JournalCompactor compactor;
  private final TelemetryCounters counters;

  private final JournalEntry entry = new JournalEntry();
  private final List<LiveSeries> begun = new ArrayList<>();
  // The series of each reading of the group, in order, so that each is looked up once.
  private LiveSeries[] resolved = new LiveSeries[1024];
  private long lastSeries;

  GroupCommit(
      ChunkRepository chunks,
      Journal journal,
      SeriesIndex index,
      ChunkIdSequence rows,
      JournalCompactor compactor,
      TelemetryCounters counters)
      throws SQLException {
    this.chunks = chunks;
    this.journal = journal;
    this.index = index;
    this.rows = rows;
    this.compactor = compactor;
    this.counters = counters;
    lastSeries = chunks.lastSeries();
  }

  /** Makes the group durable and updates memory; if it throws, nothing is stored. */
  void write(List<TelemetryWriter.Append> group) throws SQLException {
    write(group, false);
  }

  private void write(List<TelemetryWriter.Append> group, boolean evenIfEmpty) throws SQLException {
    try {
      entry.clear();
      for (TelemetryWriter.Append append : group) {
        for (TelemetryMessage message : append.batch().messages()) {
          stage(message);
        }
      }
      if (evenIfEmpty || entry.readings() > 0) {
        insert();
      }
    } catch (SQLException | RuntimeException e) {
      undo();
      throw e;
    }
    begun.clear();
    if (evenIfEmpty || entry.readings() > 0) {
      journal.committed();
      compactor.grown(entry.size());
      takeAll(group);
      count();
    }
  }

  /** Tests whether the store can write, with an empty entry. */
  void probe() throws SQLException {
    write(List.of(), true);
  }

  private void stage(TelemetryMessage message) throws SQLException {
    DeviceSeries device = index.of(message.device());
    List<Reading> readings = message.readings();
    for (int i = 0; i < readings.size(); i++) {
      Reading reading = readings.get(i);
      LiveSeries series = device == null ? null : device.find(reading.metric());
      if (series == null) {
        series = begin(message.device(), reading.metric());
        device = index.of(message.device());
      }
      chunks.recall(series, series.tailFor(reading.ts()), index);
      if (entry.readings() == resolved.length) {
        resolved = Arrays.copyOf(resolved, resolved.length * 2);
      }
      resolved[entry.readings()] = series;
      entry.add(series.id, reading.ts(), reading.value());
    }
  }

  private LiveSeries begin(String device, String metric) {
    LiveSeries series = new LiveSeries(lastSeries + begun.size() + 1, device, metric);
    begun.add(series);
    index.change(() -> index.add(series));
    return series;
  }

  private void insert() throws SQLException {
    byte[] body = entry.toBytes(journal.last() + 1);
    if (begun.isEmpty()) {
      journal.insert(body); // A single statement is its own transaction.
      return;
    }
    chunks.transaction(
        () -> {
          for (LiveSeries series : begun) {
            chunks.insert(series);
          }
          journal.insert(body);
        });
    lastSeries += begun.size();
  }

  private void undo() {
    chunks.undo();
    index.change(() -> begun.forEach(index::remove));
    begun.clear();
  }

  private void takeAll(List<TelemetryWriter.Append> group) {
    try {
      index.change(() -> take(group));
    } catch (RuntimeException e) {
      // Memory and disk differ: the store must stop, and replay at the next start.
      throw new AssertionError("Durable readings could not be added to memory", e);
    }
  }

  private void take(List<TelemetryWriter.Append> group) {
    int i = 0;
    long credible = index.credible();
    for (TelemetryWriter.Append append : group) {
      for (TelemetryMessage message : append.batch().messages()) {
        for (Reading reading : message.readings()) {
          take(resolved[i++], reading, credible);
        }
      }
    }
  }

  private void take(LiveSeries series, Reading reading, long credible) {
    var block = series.take(reading.ts(), reading.value(), rows);
    compactor.took(series, block, journal.last());
    series.newest(reading, credible);
  }

  private void count() {
    counters.commits.increment();
    counters.readings.add(entry.readings());
    counters.journalBytes.add(entry.size());
  }
}

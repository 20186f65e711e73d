package io.signalbox.hub.store.embedded.telemetry;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Telemetry;
import io.signalbox.hub.store.embedded.telemetry.SeriesIndex.DeviceSeries;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One journal entry from a group of batches, or nothing at all. The readings are resolved to their
 * series and encoded first; memory takes them when the entry is durable. Writer thread only.
 */
final class GroupCommit {
  private final Archive archive;
  private final Journal journal;
  private final SeriesIndex index;
  private final RowIds rows;
  private final Housekeeper housekeeper;
  private final Pulse pulse;

  private final JournalEntry entry = new JournalEntry();
  private final List<Series> begun = new ArrayList<>();
  // The series of each reading of the group, in order: looked up once.
  private Series[] resolved = new Series[1024];
  private long lastSeries;

  GroupCommit(
      Archive archive,
      Journal journal,
      SeriesIndex index,
      RowIds rows,
      Housekeeper housekeeper,
      Pulse pulse)
      throws SQLException {
    this.archive = archive;
    this.journal = journal;
    this.index = index;
    this.rows = rows;
    this.housekeeper = housekeeper;
    this.pulse = pulse;
    lastSeries = archive.lastSeries();
  }

  /** Makes the group durable and lets memory know; or throws, and nothing of it is kept. */
  void write(List<Scribe.Append> group) throws SQLException {
    write(group, false);
  }

  private void write(List<Scribe.Append> group, boolean evenIfEmpty) throws SQLException {
    try {
      entry.clear();
      for (Scribe.Append append : group) {
        for (Telemetry message : append.batch().messages()) {
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
      housekeeper.grown(entry.size());
      takeAll(group);
      count();
    }
  }

  /** Tries whether an entry can be written, one without readings. */
  void probe() throws SQLException {
    write(List.of(), true);
  }

  private void stage(Telemetry message) throws SQLException {
    DeviceSeries device = index.of(message.device());
    List<Reading> readings = message.readings();
    for (int i = 0; i < readings.size(); i++) {
      Reading reading = readings.get(i);
      Series series = device == null ? null : device.find(reading.metric());
      if (series == null) {
        series = begin(message.device(), reading.metric());
        device = index.of(message.device());
      }
      archive.recall(series, series.tailFor(reading.ts()), index);
      if (entry.readings() == resolved.length) {
        resolved = Arrays.copyOf(resolved, resolved.length * 2);
      }
      resolved[entry.readings()] = series;
      entry.add(series.id, reading.ts(), reading.value());
    }
  }

  private Series begin(String device, String metric) {
    Series series = new Series(lastSeries + begun.size() + 1, device, metric);
    begun.add(series);
    index.change(() -> index.add(series));
    return series;
  }

  private void insert() throws SQLException {
    byte[] body = entry.toBytes(journal.last() + 1);
    if (begun.isEmpty()) {
      journal.insert(body); // A statement alone is a transaction.
      return;
    }
    archive.transaction(
        () -> {
          for (Series series : begun) {
            archive.insert(series);
          }
          journal.insert(body);
        });
    lastSeries += begun.size();
  }

  private void undo() {
    archive.undo();
    index.change(() -> begun.forEach(index::remove));
    begun.clear();
  }

  private void takeAll(List<Scribe.Append> group) {
    try {
      index.change(() -> take(group));
    } catch (RuntimeException e) {
      // Memory and disk no longer agree: the store must stop, and replay when it starts again.
      throw new AssertionError("durable readings could not be taken to memory", e);
    }
  }

  private void take(List<Scribe.Append> group) {
    int i = 0;
    long credible = index.credible();
    for (Scribe.Append append : group) {
      for (Telemetry message : append.batch().messages()) {
        for (Reading reading : message.readings()) {
          take(resolved[i++], reading, credible);
        }
      }
    }
  }

  private void take(Series series, Reading reading, long credible) {
    var block = series.take(reading.ts(), reading.value(), rows);
    housekeeper.took(series, block, journal.last());
    series.newest(reading, credible);
  }

  private void count() {
    pulse.commits.increment();
    pulse.readings.add(entry.readings());
    pulse.journalBytes.add(entry.size());
  }
}

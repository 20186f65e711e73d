package io.signalbox.hub.store.embedded.telemetry;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Telemetry;
import io.signalbox.hub.store.embedded.telemetry.SeriesIndex.DeviceSeries;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    try {
      entry.clear();
      for (Scribe.Append append : group) {
        for (Telemetry message : append.batch().messages()) {
          stage(message);
        }
      }
      if (entry.readings() > 0) {
        insert();
      }
    } catch (SQLException | RuntimeException e) {
      undo();
      throw e;
    }
    begun.clear();
    if (entry.readings() > 0) {
      journal.committed();
      housekeeper.grown(entry.size());
      takeAll(group);
      count();
    }
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
      recall(series.tailFor(reading.ts()));
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

  /** Brings an open chunk back to memory if it was left on the disk. */
  private void recall(@Nullable Tail tail) throws SQLException {
    if (tail != null && tail.block == null) {
      var block = archive.load(tail.row);
      index.change(() -> tail.block = block);
    }
  }

  private void insert() throws SQLException {
    byte[] body = entry.toBytes(journal.last() + 1);
    if (begun.isEmpty()) {
      journal.insert(body); // A statement alone is a transaction.
      return;
    }
    archive.begin();
    for (Series series : begun) {
      archive.insert(series);
    }
    journal.insert(body);
    archive.commit();
    lastSeries += begun.size();
  }

  private void undo() {
    archive.rollback();
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
    for (Scribe.Append append : group) {
      for (Telemetry message : append.batch().messages()) {
        for (Reading reading : message.readings()) {
          take(resolved[i++], reading);
        }
      }
    }
  }

  private void take(Series series, Reading reading) {
    var block = series.take(reading.ts(), reading.value(), rows);
    housekeeper.took(series, block, journal.last());
    series.newest(reading);
  }

  private void count() {
    pulse.commits.increment();
    pulse.readings.add(entry.readings());
    pulse.journalBytes.add(entry.size());
  }
}

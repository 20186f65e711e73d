package io.signalbox.hub.store.sqlite.telemetry;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Row of a series. Absent times are {@link OpenChunk#NONE}, absent rows 0.
 *
 * @param id the series' id
 * @param device the device's id
 * @param metric the metric's name
 * @param upTo all readings up to this journal entry are in chunk rows
 * @param last newest timestamp of all
 * @param sealedUntil newest timestamp of the sealed chunks of the main layer
 * @param mainRow row of the open chunk of the main layer
 * @param mainLast its newest timestamp
 * @param lateRow row of the open chunk of the late layer
 * @param lateLast its newest timestamp
 */
record SeriesRow(
    long id,
    String device,
    String metric,
    long upTo,
    long last,
    long sealedUntil,
    long mainRow,
    long mainLast,
    long lateRow,
    long lateLast) {

  static SeriesRow of(ResultSet row) throws SQLException {
    return new SeriesRow(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        row.getLong(4),
        instant(row, 5),
        instant(row, 6),
        row.getLong(7),
        instant(row, 8),
        row.getLong(9),
        instant(row, 10));
  }

  private static long instant(ResultSet row, int column) throws SQLException {
    long instant = row.getLong(column);
    return row.wasNull() ? OpenChunk.NONE : instant;
  }

  LiveSeries toSeries() {
    LiveSeries series = new LiveSeries(id, device, metric);
    series.upTo = upTo;
    series.last = last;
    series.sealedUntil = sealedUntil;
    series.main = mainRow == 0 ? null : new OpenChunk(mainRow, mainLast);
    series.late = lateRow == 0 ? null : new OpenChunk(lateRow, lateLast);
    return series;
  }
}

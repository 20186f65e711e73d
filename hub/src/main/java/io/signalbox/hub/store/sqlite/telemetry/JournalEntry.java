package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.sqlite.telemetry.codec.ByteSink;
import io.signalbox.hub.store.sqlite.telemetry.codec.ByteSource;
import io.signalbox.hub.store.sqlite.telemetry.codec.CorruptDataException;
import io.signalbox.hub.store.sqlite.telemetry.codec.ValueCodec;
import java.sql.SQLException;

/**
 * What one group commit keeps: for each reading the series and the time as differences to the
 * reading before, and the value; then a checksum, salted with the entry's number. About 6 bytes a
 * reading of ordinary sensors. Writer thread only.
 */
final class JournalEntry {
  private static final int FORMAT = 1;

  private final ByteSink sink = new ByteSink(1 << 16);
  private long series;
  private long ts;
  private int readings;

  /** Takes what a replay finds, in the order in which it was written. */
  interface Taker {
    void take(long series, long ts, Value value) throws SQLException;
  }

  void clear() {
    sink.truncate(0);
    sink.u8(FORMAT);
    series = 0;
    ts = 0;
    readings = 0;
  }

  void add(long ofSeries, long at, Value value) {
    sink.zigzag(ofSeries - series);
    sink.zigzag(at - ts);
    ValueCodec.write(sink, value);
    series = ofSeries;
    ts = at;
    readings++;
  }

  int readings() {
    return readings;
  }

  int size() {
    return sink.size();
  }

  byte[] toBytes(long number) {
    sink.seal(number);
    return sink.toBytes();
  }

  /** Reads an entry back; throws {@code CorruptDataException}. */
  static int replay(byte[] body, long number, Taker taker) throws SQLException {
    ByteSource source = ByteSource.sealed(body, number);
    int format = source.u8();
    if (format != FORMAT) {
      throw new CorruptDataException("of format " + format);
    }
    long series = 0;
    long ts = 0;
    int readings = 0;
    while (source.hasMore()) {
      series += source.zigzag();
      ts += source.zigzag();
      taker.take(series, ts, ValueCodec.read(source));
      readings++;
    }
    return readings;
  }
}

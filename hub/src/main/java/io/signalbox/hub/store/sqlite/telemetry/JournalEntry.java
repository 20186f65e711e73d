package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.telemetry.codec.ByteSink;
import io.signalbox.hub.store.telemetry.codec.ByteSource;
import io.signalbox.hub.store.telemetry.codec.CorruptDataException;
import io.signalbox.hub.store.telemetry.codec.ValueCodec;
import java.sql.SQLException;

/**
 * Encoded journal entry of one group commit: per reading the differences of series and time to the
 * previous reading, and the value; at the end a checksum salted with the entry's number. About 6
 * bytes per reading of typical sensors. Writer thread only.
 */
final class JournalEntry {
  private static final int FORMAT = 1;

  private final ByteSink sink = new ByteSink(1 << 16);
  private long series;
  private long ts;
  private int readings;

  /** Receiver of an entry's readings, in the order of writing. */
  interface Receiver {
    void reading(long series, long ts, Value value) throws SQLException;
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

  /** Decodes an entry; throws {@code CorruptDataException} if it is damaged. */
  static int replay(byte[] body, long number, Receiver receiver) throws SQLException {
    ByteSource source = ByteSource.sealed(body, number);
    int format = source.u8();
    if (format != FORMAT) {
      throw new CorruptDataException("unknown format " + format);
    }
    long series = 0;
    long ts = 0;
    int readings = 0;
    while (source.hasMore()) {
      series += source.zigzag();
      ts += source.zigzag();
      receiver.reading(series, ts, ValueCodec.read(source));
      readings++;
    }
    return readings;
  }
}

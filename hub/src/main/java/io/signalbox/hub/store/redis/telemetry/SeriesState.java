package io.signalbox.hub.store.redis.telemetry;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.store.telemetry.codec.ByteSink;
import io.signalbox.hub.store.telemetry.codec.ByteSource;
import io.signalbox.hub.store.telemetry.codec.ValueCodec;
import org.jspecify.annotations.Nullable;

/**
 * State of a series as of its last seal. Scripts read the last and the first time, the first 16
 * bytes of its encoding.
 *
 * @param last newest timestamp in chunks and tails; {@link #NONE} before the first seal
 * @param first oldest timestamp in chunks and tails
 * @param sealedUntil newest timestamp of the full chunks of the main layer
 * @param latest the newest reading by the rule of {@link #isNewest}; null before the first seal
 */
record SeriesState(long last, long first, long sealedUntil, @Nullable Reading latest) {
  /** Timestamp that means none. */
  static final long NONE = Long.MIN_VALUE;

  /** Tolerated lead of a device's clock. */
  private static final long AHEAD_MILLIS = 10_000;

  static final SeriesState NEW = new SeriesState(NONE, Long.MAX_VALUE, NONE, null);

  /** Decodes a state; null or empty for a series that has never been sealed. */
  static SeriesState decode(String metric, byte @Nullable [] bytes) {
    if (bytes == null || bytes.length == 0) {
      return NEW;
    }
    ByteSource source = new ByteSource(bytes);
    long last = source.u64();
    long first = source.u64();
    long sealedUntil = source.zigzag();
    return new SeriesState(
        last, first, sealedUntil, new Reading(metric, source.zigzag(), ValueCodec.read(source)));
  }

  /** The encoding of a state after a seal. */
  byte[] encode() {
    if (latest == null) {
      throw new IllegalStateException("a sealed series has a latest reading");
    }
    ByteSink sink = new ByteSink(48);
    sink.u64(last);
    sink.u64(first);
    sink.zigzag(sealedUntil);
    sink.zigzag(latest.ts());
    ValueCodec.write(sink, latest.value());
    return sink.toBytes();
  }

  /**
   * Whether a reading that arrives becomes the newest. A timestamp in the future comes from a clock
   * that is or was ahead, and does not hide readings that arrive later.
   */
  static boolean isNewest(@Nullable Reading latest, long ts, long arrival) {
    return latest == null || ts >= latest.ts() || latest.ts() > arrival + AHEAD_MILLIS;
  }
}

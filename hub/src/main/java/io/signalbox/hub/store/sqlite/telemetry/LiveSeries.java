package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.telemetry.codec.PointBlock;
import org.jspecify.annotations.Nullable;

/**
 * In-memory state of one series: one metric of one device.
 *
 * <p>Readings are in two layers. The <em>main</em> layer has readings that are newer than all of
 * its sealed chunks, so its chunks never overlap. Older readings go to the <em>late</em> layer,
 * whose chunks can overlap any others. A late reading always arrived after a main reading with the
 * same timestamp, and among late readings the one in the higher row arrived later; so the last
 * value of each timestamp is known.
 *
 * <p>Threading: changed by the writer thread alone, under the write lock of {@link SeriesIndex};
 * read by it, or by others under the read lock.
 */
final class LiveSeries {
  /** 2^64 divided by the golden ratio: multiples of it, modulo 2^64, are spread evenly. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  final long id;
  final String device;
  final String metric;

  /** Newest timestamp of all; NONE before the first reading. */
  long last = OpenChunk.NONE;

  /** Newest timestamp of the sealed chunks of the main layer. */
  long sealedUntil = OpenChunk.NONE;

  /** All readings up to this journal entry are in chunk rows. */
  long upTo;

  /** The oldest journal entry with readings that are not in rows yet; 0 if there is none. */
  long dirtySince;

  @Nullable OpenChunk main;
  @Nullable OpenChunk late;

  /** The newest reading by the rule of {@link #newest}; null while unknown. */
  @Nullable Reading latest;

  /** Deleted; lists that still contain the series skip it. */
  boolean gone;

  /** Already in the list of series to seal. */
  boolean ripe;

  /** Has received readings since the last pass of {@link OpenChunkEvictor}. */
  boolean touched;

  LiveSeries(long id, String device, String metric) {
    this.id = id;
    this.device = device;
    this.metric = metric;
  }

  /** Whether the series has readings; one created by a refused batch has none. */
  boolean hasReadings() {
    return last != OpenChunk.NONE;
  }

  /** The open chunk for a reading of this time; null if there is none yet. */
  @Nullable OpenChunk tailFor(long ts) {
    return ts > sealedUntil ? main : late;
  }

  /** Adds a reading; its open chunk must be in memory. Returns the chunk's block. */
  PointBlock take(long ts, Value value, ChunkIdSequence ids) {
    OpenChunk tail = tailFor(ts);
    if (tail == null) {
      tail = new OpenChunk(ids.next());
      if (ts > sealedUntil) {
        main = tail;
      } else {
        late = tail;
      }
    }
    PointBlock block = tail.block;
    if (block == null) {
      throw new IllegalStateException("Open chunk of device " + device + " is not in memory");
    }
    block.add(ts, value);
    tail.dirty = true;
    touched = true;
    return block;
  }

  /**
   * Number of readings of the main layer's open chunk: between a quarter of the usual number and
   * all of it for the first chunk of a series, then the usual number. Otherwise series that start
   * together would fill their chunks together for ever, and memory would hold all of them almost
   * full at once, instead of half full on average.
   *
   * @param usual number of readings per chunk
   */
  int chunkReadings(int usual) {
    if (sealedUntil != OpenChunk.NONE) {
      return usual;
    }
    long most = usual - (long) usual / 4;
    return usual - (int) ((((id * GOLDEN) >>> 32) * most) >>> 32);
  }

  /** Replaces an open chunk whose row is damaged by a new one. */
  void setAside(OpenChunk tail) {
    if (tail == main) {
      sealedUntil = Math.max(sealedUntil, tail.storedLast);
      main = null;
    } else {
      late = null;
    }
  }

  /**
   * Records a newly arrived reading as the newest, unless a newer one is known. A timestamp in the
   * future comes from a clock that is or was ahead, and does not hide readings that arrive later.
   *
   * @param credible latest timestamp that is not in the future
   */
  void newest(Reading reading, long credible) {
    long shown = latest == null ? last : latest.ts();
    if (reading.ts() >= shown || shown > credible) {
      latest = reading;
    }
    last = Math.max(last, reading.ts());
  }

  /** Records the newest reading that was read from disk, unless a newer one has arrived. */
  void known(Reading reading) {
    if (reading.ts() == last && latest == null) {
      latest = reading;
    }
  }

  long weight() {
    return (main == null ? 0 : main.weight()) + (late == null ? 0 : late.weight());
  }
}

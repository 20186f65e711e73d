package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.sqlite.telemetry.codec.PointBlock;
import org.jspecify.annotations.Nullable;

/**
 * One metric of one device: what is in memory of it.
 *
 * <p>Readings fall into two layers. The <em>main</em> layer holds those newer than every sealed
 * chunk of the layer, so its chunks follow one another and never overlap. Readings older than that
 * go to the <em>late</em> layer, whose chunks may lie anywhere. A late reading always came after a
 * main reading of the same timestamp, and of late ones the higher row came later: that is how the
 * value that came last is known.
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

  /** Every reading up to this journal entry is in a chunk row. */
  long upTo;

  /** The oldest journal entry with readings that are in no row yet; 0 if there is none. */
  long dirtySince;

  @Nullable OpenChunk main;
  @Nullable OpenChunk late;

  /** The newest reading, as {@link #newest} decides it; null until it is known. */
  @Nullable Reading latest;

  /** Forgotten: lists that still name it pass it over. */
  boolean gone;

  /** Already on the list of series to be sealed. */
  boolean ripe;

  /** Has taken readings since the hand of the clock came by (see Housekeeping). */
  boolean touched;

  LiveSeries(long id, String device, String metric) {
    this.id = id;
    this.device = device;
    this.metric = metric;
  }

  /** Whether there has been a reading: a series begun by a batch that was refused has none. */
  boolean hasReadings() {
    return last != OpenChunk.NONE;
  }

  /** The layer's tail that a reading of that time goes to, if there is one yet. */
  @Nullable OpenChunk tailFor(long ts) {
    return ts > sealedUntil ? main : late;
  }

  /** Takes a reading; whichever tail it goes to is in memory. Returns that tail's block. */
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
      throw new IllegalStateException("the open chunk of " + device + " is not in memory");
    }
    block.add(ts, value);
    tail.dirty = true;
    touched = true;
    return block;
  }

  /**
   * How many readings make the chunk that the main layer has open: between a quarter of the usual
   * number and all of it for the first chunk of a series, the usual number from then on. Series
   * that start together would otherwise fill their chunks together for ever, and memory would have
   * to hold all of them almost full at once, instead of half full on the average.
   *
   * @param usual how many readings make a chunk
   */
  int chunkReadings(int usual) {
    if (sealedUntil != OpenChunk.NONE) {
      return usual;
    }
    long most = usual - (long) usual / 4;
    return usual - (int) ((((id * GOLDEN) >>> 32) * most) >>> 32);
  }

  /** Leaves an open chunk alone whose row cannot be read any more, and begins another. */
  void setAside(OpenChunk tail) {
    if (tail == main) {
      sealedUntil = Math.max(sealedUntil, tail.storedLast);
      main = null;
    } else {
      late = null;
    }
  }

  /**
   * Remembers a reading that has just arrived as the newest unless a newer one is known. One that
   * lies in the future was stamped by a clock that is or was ahead, and hides nothing that arrives
   * after it.
   *
   * @param credible later timestamps lie in the future
   */
  void newest(Reading reading, long credible) {
    long shown = latest == null ? last : latest.ts();
    if (reading.ts() >= shown || shown > credible) {
      latest = reading;
    }
    last = Math.max(last, reading.ts());
  }

  /** Remembers what the disk said the newest reading is, unless a newer one has come. */
  void known(Reading reading) {
    if (reading.ts() == last && latest == null) {
      latest = reading;
    }
  }

  long weight() {
    return (main == null ? 0 : main.weight()) + (late == null ? 0 : late.weight());
  }
}

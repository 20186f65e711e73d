package io.signalbox.hub.store.telemetry.codec;

import io.signalbox.hub.model.Value;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Readings of one series in compact arrays, 16 bytes per number. Accepts them in any order; {@link
 * #settle} sorts them and keeps the last one of each timestamp.
 *
 * <p>Threading: not thread-safe; the owner synchronises access.
 */
public final class PointBlock {
  private static final Value[] NO_VALUES = {};
  private static final long MOST_TEXT = 1 << 16;

  private long[] ts;
  private long[] bits;
  // Null while all values are numbers; otherwise it holds all values and bits is unused.
  private Value @Nullable [] values;
  private int size;
  private boolean settled = true;
  private long textBytes;

  /** An empty block with this initial capacity. */
  public PointBlock(int capacity) {
    ts = new long[capacity];
    bits = new long[capacity];
  }

  private PointBlock(long[] ts, long[] bits, Value @Nullable [] values, int size) {
    this.ts = ts;
    this.bits = bits;
    this.values = values;
    this.size = size;
  }

  /** A settled block of numbers by their raw bits; takes ownership of the arrays. */
  static PointBlock ofNumbers(long[] ts, long[] bits) {
    return new PointBlock(ts, bits, null, ts.length);
  }

  /** A settled block of any values; takes ownership of the arrays. */
  static PointBlock ofValues(long[] ts, Value[] values) {
    PointBlock block = new PointBlock(ts, new long[0], values, ts.length);
    for (Value value : values) {
      block.textBytes += weightOf(value);
    }
    return block;
  }

  /** Number of readings. */
  public int size() {
    return size;
  }

  /** Timestamp of the i-th reading. */
  public long ts(int i) {
    return ts[i];
  }

  /** Timestamp of the first reading, of a settled block the oldest. */
  public long first() {
    return ts[0];
  }

  /** Timestamp of the last reading, of a settled block the newest. */
  public long last() {
    return ts[size - 1];
  }

  /** Whether every value is a number. */
  public boolean allNumbers() {
    return values == null;
  }

  /** Whether the i-th value is a number. */
  public boolean isNumber(int i) {
    return values == null || values[i] instanceof Value.Num;
  }

  /** The i-th value, which must be a number. */
  public double number(int i) {
    if (values != null) {
      return ((Value.Num) values[i]).number();
    }
    return Double.longBitsToDouble(bits[i]);
  }

  /** Raw bits of the i-th value, of a block of numbers. */
  long bits(int i) {
    return bits[i];
  }

  /** The i-th value. */
  public Value value(int i) {
    return values != null ? values[i] : new Value.Num(Double.longBitsToDouble(bits[i]));
  }

  /** Whether it has this number of readings, or too much text to grow. */
  public boolean isFull(int readings) {
    return size >= readings || textBytes >= MOST_TEXT;
  }

  /** Approximate memory in bytes. */
  public long weight() {
    return 64 + 16L * ts.length + textBytes;
  }

  /** Adds a reading. */
  public void add(long at, Value value) {
    if (value instanceof Value.Num num && values == null) {
      add(at, Double.doubleToRawLongBits(num.number()));
      return;
    }
    boolean again = place(at);
    Value[] all = mixed();
    textBytes += weightOf(value) - (again ? weightOf(all[size - 1]) : 0);
    all[size - 1] = value;
  }

  private static long weightOf(Value value) {
    return switch (value) {
      case Value.Num num -> 16;
      case Value.Flag flag -> 0;
      case Value.Text text -> 56 + 2L * text.text().length();
      case Value.Json json -> 56 + 2L * json.json().length();
    };
  }

  /** Adds a number, given by its raw bits, to a block of numbers. */
  void add(long at, long rawBits) {
    place(at);
    bits[size - 1] = rawBits;
  }

  /** Reserves space for a reading; true if it replaces the newest one. */
  private boolean place(long at) {
    if (size > 0 && settled) {
      long newest = ts[size - 1];
      if (at == newest) {
        return true; // the last value wins
      }
      settled = at > newest;
    }
    if (size == ts.length) {
      grow();
    }
    ts[size++] = at;
    return false;
  }

  private void grow() {
    // Growth by one half from 7 on reaches 366, just above the 360 readings of a chunk, at which
    // thousands of series stay; from 8 on it would reach 454.
    int capacity = Math.max(7, size + (size >> 1));
    ts = Arrays.copyOf(ts, capacity);
    if (values == null) {
      bits = Arrays.copyOf(bits, capacity);
    } else {
      values = Arrays.copyOf(values, capacity);
    }
  }

  private Value[] mixed() {
    if (values == null) {
      Value[] all = ts.length == 0 ? NO_VALUES : new Value[ts.length];
      for (int i = 0; i < size; i++) {
        all[i] = new Value.Num(Double.longBitsToDouble(bits[i]));
      }
      textBytes = 16L * size;
      values = all;
      bits = new long[0];
    }
    return values;
  }

  /** A copy of the readings from index {@code from} to before {@code to}. */
  public PointBlock slice(int from, int to) {
    PointBlock copy =
        new PointBlock(
            Arrays.copyOfRange(ts, from, to),
            values == null ? Arrays.copyOfRange(bits, from, to) : new long[0],
            values == null ? null : Arrays.copyOfRange(values, from, to),
            to - from);
    copy.settled = settled;
    copy.textBytes = size == 0 ? 0 : textBytes * (to - from) / size;
    return copy;
  }

  /** Index of the first reading at or after the instant, in a settled block. */
  public int indexOf(long instant) {
    int found = Arrays.binarySearch(ts, 0, size, instant);
    return found >= 0 ? found : -found - 1;
  }

  /** Sorts the readings and keeps the last one of each timestamp. */
  public void settle() {
    if (settled) {
      return;
    }
    int[] order = TimestampSort.lastOfEach(ts, size);
    ts = Arrays.stream(order).mapToLong(i -> ts[i]).toArray();
    if (values == null) {
      bits = Arrays.stream(order).mapToLong(i -> bits[i]).toArray();
    } else {
      Value[] old = values;
      values = Arrays.stream(order).mapToObj(i -> old[i]).toArray(Value[]::new);
    }
    size = order.length;
    settled = true;
  }
}

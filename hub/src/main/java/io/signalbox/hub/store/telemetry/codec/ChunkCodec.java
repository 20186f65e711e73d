package io.signalbox.hub.store.telemetry.codec;

import io.signalbox.hub.model.Value;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Lossless codec between a settled block of readings and a chunk body.
 *
 * <p>A body consists of its kind, the count, the times (delta of delta, so regular intervals take
 * almost no space), the values, and a checksum. Values are encoded as decimals if all numbers are
 * decimals, by Gorilla for other numbers, and otherwise as runs of equal values with a dictionary;
 * deflated if that is shorter.
 */
public final class ChunkCodec {
  private static final int DECIMAL = 0;
  private static final int GORILLA = 1;
  private static final int MIXED = 2;
  private static final int DEFLATED = 3;
  private static final int WORTH_DEFLATING = 256;
  private static final int MOST_READINGS = 1 << 24;
  private static final int LARGEST = 1 << 28;

  private ChunkCodec() {}

  /** Encodes the readings as a chunk body. */
  public static byte[] encode(PointBlock block) {
    ByteSink sink = new ByteSink(64 + 4 * block.size());
    if (block.allNumbers()) {
      numbers(sink, block);
    } else {
      mixed(sink, block);
    }
    sink.seal(0);
    return sink.toBytes();
  }

  /** Decodes a body; throws {@link CorruptDataException} if it is damaged. */
  public static PointBlock decode(byte[] body) {
    ByteSource source = ByteSource.sealed(body, 0);
    int kind = source.u8();
    int size = source.count(MOST_READINGS);
    long[] ts = new long[size];
    ZeroRunVarints.read(source, ts, size);
    ZeroRunVarints.sum(ts, 2, size);
    ZeroRunVarints.sum(ts, 1, size);
    return switch (kind) {
      case DECIMAL, GORILLA -> numbers(source, kind, ts);
      case MIXED -> mixed(source, ts);
      case DEFLATED -> mixed(inflated(source), ts);
      default -> throw new CorruptDataException("unknown kind " + kind);
    };
  }

  private static void head(ByteSink sink, int kind, PointBlock block) {
    int size = block.size();
    long[] ts = new long[size];
    for (int i = 0; i < size; i++) {
      ts[i] = block.ts(i);
    }
    ZeroRunVarints.difference(ts, 1, size);
    ZeroRunVarints.difference(ts, 2, size);
    sink.u8(kind);
    sink.varint(size);
    ZeroRunVarints.write(sink, ts, size);
  }

  private static void numbers(ByteSink sink, PointBlock block) {
    int scale = DecimalCodec.scaleOf(block);
    if (scale < 0) {
      head(sink, GORILLA, block);
      GorillaCodec.write(sink, block);
    } else {
      head(sink, DECIMAL, block);
      DecimalCodec.write(sink, block, scale);
    }
  }

  private static PointBlock numbers(ByteSource source, int kind, long[] ts) {
    long[] bits = new long[ts.length];
    if (kind == DECIMAL) {
      DecimalCodec.read(source, bits, ts.length);
    } else {
      GorillaCodec.read(source, bits, ts.length);
    }
    return PointBlock.ofNumbers(ts, bits);
  }

  private static void mixed(ByteSink sink, PointBlock block) {
    ByteSink runs = new ByteSink(8 * block.size());
    Map<Value, Integer> seen = new HashMap<>();
    int i = 0;
    while (i < block.size()) {
      Value value = block.value(i);
      int start = i++;
      while (i < block.size() && block.value(i).equals(value)) {
        i++;
      }
      runs.varint(i - start - 1);
      Integer known = seen.putIfAbsent(value, seen.size() + 1);
      runs.varint(known == null ? 0 : known);
      if (known == null) {
        ValueCodec.write(runs, value);
      }
    }
    byte[] plain = runs.toBytes();
    byte[] packed = plain.length < WORTH_DEFLATING ? plain : deflated(plain);
    head(sink, packed.length < plain.length ? DEFLATED : MIXED, block);
    if (packed.length < plain.length) {
      sink.varint(plain.length);
    }
    sink.raw(packed, 0, packed.length);
  }

  private static PointBlock mixed(ByteSource source, long[] ts) {
    Value[] values = new Value[ts.length];
    Value[] seen = new Value[ts.length + 1];
    int distinct = 0;
    int i = 0;
    while (i < ts.length) {
      int run = 1 + source.count(ts.length - i - 1);
      int known = source.count(distinct);
      if (known == 0) {
        seen[++distinct] = ValueCodec.read(source);
        known = distinct;
      }
      Arrays.fill(values, i, i + run, seen[known]);
      i += run;
    }
    return PointBlock.ofValues(ts, values);
  }

  private static byte[] deflated(byte[] plain) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try {
      deflater.setInput(plain);
      deflater.finish();
      byte[] packed = new byte[plain.length];
      int length = deflater.deflate(packed);
      return deflater.finished() ? Arrays.copyOf(packed, length) : plain;
    } finally {
      deflater.end();
    }
  }

  private static ByteSource inflated(ByteSource source) {
    Inflater inflater = new Inflater(true);
    try {
      byte[] plain = new byte[source.count(LARGEST)];
      inflater.setInput(source.rest());
      if (inflater.inflate(plain) != plain.length) {
        throw new CorruptDataException("truncated deflated values");
      }
      return new ByteSource(plain);
    } catch (DataFormatException e) {
      throw new CorruptDataException("invalid deflated values: " + e.getMessage());
    } finally {
      inflater.end();
    }
  }
}

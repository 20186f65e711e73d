package io.signalbox.hub.store.telemetry.codec;

/**
 * Codec for numbers that are not short decimals: XOR of each number with the previous one, of which
 * only the window of differing bits is stored (Pelkonen et al., "Gorilla", 2015).
 */
final class GorillaCodec {
  private GorillaCodec() {}

  static void write(ByteSink sink, PointBlock block) {
    BitSink bits = new BitSink(sink);
    long before = 0;
    int leading = 65; // no window yet
    int trailing = 0;
    for (int i = 0; i < block.size(); i++) {
      long xor = block.bits(i) ^ before;
      before = block.bits(i);
      if (xor == 0) {
        bits.write(0, 1);
        continue;
      }
      int zerosAbove = Math.min(31, Long.numberOfLeadingZeros(xor));
      int zerosBelow = Long.numberOfTrailingZeros(xor);
      if (leading <= zerosAbove && trailing <= zerosBelow) {
        bits.write(0b10, 2);
      } else {
        leading = zerosAbove;
        trailing = zerosBelow;
        bits.write(0b11, 2);
        bits.write(leading, 5);
        bits.write(63 - leading - trailing, 6);
      }
      bits.write(xor >>> trailing, 64 - leading - trailing);
    }
    bits.flush();
  }

  static void read(ByteSource source, long[] numbers, int size) {
    BitSource bits = new BitSource(source);
    long before = 0;
    int leading = 0;
    int trailing = 0;
    for (int i = 0; i < size; i++) {
      if (bits.read(1) != 0) {
        if (bits.read(1) != 0) {
          leading = (int) bits.read(5);
          trailing = 63 - leading - (int) bits.read(6);
          if (trailing < 0) {
            throw new CorruptDataException("bit window too wide");
          }
        }
        before ^= bits.read(64 - leading - trailing) << trailing;
      }
      numbers[i] = before;
    }
  }

  private static final class BitSink {
    private final ByteSink sink;
    private int held;
    private int count;

    BitSink(ByteSink sink) {
      this.sink = sink;
    }

    void write(long value, int width) {
      int left = width;
      while (left > 0) {
        int taken = Math.min(left, 8 - count);
        left -= taken;
        held = held << taken | ((int) (value >>> left) & ((1 << taken) - 1));
        count += taken;
        if (count == 8) {
          sink.u8(held);
          held = 0;
          count = 0;
        }
      }
    }

    void flush() {
      if (count > 0) {
        sink.u8(held << (8 - count));
      }
    }
  }

  private static final class BitSource {
    private final ByteSource source;
    private int held;
    private int count;

    BitSource(ByteSource source) {
      this.source = source;
    }

    long read(int width) {
      long value = 0;
      int left = width;
      while (left > 0) {
        if (count == 0) {
          held = source.u8();
          count = 8;
        }
        int taken = Math.min(left, count);
        count -= taken;
        left -= taken;
        value = value << taken | ((held >>> count) & ((1 << taken) - 1));
      }
      return value;
    }
  }
}

package io.signalbox.hub.store.sqlite.telemetry.codec;

/**
 * Most sensors speak decimals of a few places. Where every number of a block is a whole number over
 * the same power of ten, exactly and bit by bit (which leaves out -0.0), differences of the whole
 * numbers are all that need be kept.
 */
final class DecimalCodec {
  static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
  private static final double LARGEST = 1L << 53;

  private DecimalCodec() {}

  /** Whether the number is {@code whole / 10^scale}, bit by bit, for a whole number. */
  static boolean fits(long bits, int scale) {
    double number = Double.longBitsToDouble(bits);
    double whole = Math.rint(number * POWERS[scale]);
    return Math.abs(whole) <= LARGEST
        && Double.doubleToRawLongBits((long) whole / POWERS[scale]) == bits;
  }

  /** The whole number of one that fits. */
  static long whole(long bits, int scale) {
    return (long) Math.rint(Double.longBitsToDouble(bits) * POWERS[scale]);
  }

  static long bits(long whole, int scale) {
    return Double.doubleToRawLongBits(whole / POWERS[scale]);
  }

  /** The fewest places that fit every number of the block; -1 if none do. */
  static int scaleOf(PointBlock block) {
    int scale = 0;
    int proved = 0;
    for (int i = 0; proved < block.size(); i = (i + 1) % block.size()) {
      if (fits(block.bits(i), scale)) {
        proved++;
      } else if (++scale == POWERS.length) {
        return -1;
      } else {
        proved = 0; // A number that fitted fewer places may be too large for more of them.
        i--;
      }
    }
    return scale;
  }

  static void write(ByteSink sink, PointBlock block, int scale) {
    int size = block.size();
    long[] wholes = new long[size];
    for (int i = 0; i < size; i++) {
      wholes[i] = whole(block.bits(i), scale);
    }
    ZeroRunVarints.difference(wholes, 1, size);
    sink.u8(scale);
    ZeroRunVarints.write(sink, wholes, size);
  }

  static void read(ByteSource source, long[] bits, int size) {
    int scale = source.u8();
    if (scale >= POWERS.length) {
      throw new CorruptDataException("a scale of " + scale);
    }
    ZeroRunVarints.read(source, bits, size);
    ZeroRunVarints.sum(bits, 1, size);
    for (int i = 0; i < size; i++) {
      bits[i] = bits(bits[i], scale);
    }
  }
}

package io.signalbox.hub.store.telemetry.codec;

/**
 * Codec for numbers with few decimal places, as most sensors send. If every number of a block is
 * exactly an integer over the same power of ten, bit by bit (which excludes -0.0), the differences
 * of the integers are stored.
 */
final class DecimalCodec {
  static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
  private static final double LARGEST = 1L << 53;

  private DecimalCodec() {}

  /** Whether the number is exactly {@code n / 10^scale} for an integer n. */
  static boolean fits(long bits, int scale) {
    double number = Double.longBitsToDouble(bits);
    double whole = Math.rint(number * POWERS[scale]);
    return Math.abs(whole) <= LARGEST
        && Double.doubleToRawLongBits((long) whole / POWERS[scale]) == bits;
  }

  /** The integer n of a number that fits. */
  static long whole(long bits, int scale) {
    return (long) Math.rint(Double.longBitsToDouble(bits) * POWERS[scale]);
  }

  static long bits(long whole, int scale) {
    return Double.doubleToRawLongBits(whole / POWERS[scale]);
  }

  /** The smallest scale that fits every number of the block; -1 if none does. */
  static int scaleOf(PointBlock block) {
    int scale = 0;
    int proved = 0;
    for (int i = 0; proved < block.size(); i = (i + 1) % block.size()) {
      if (fits(block.bits(i), scale)) {
        proved++;
      } else if (++scale == POWERS.length) {
        return -1;
      } else {
        proved = 0; // A number that fitted a smaller scale may be too large for a larger one.
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
      throw new CorruptDataException("invalid scale " + scale);
    }
    ZeroRunVarints.read(source, bits, size);
    ZeroRunVarints.sum(bits, 1, size);
    for (int i = 0; i < size; i++) {
      bits[i] = bits(bits[i], scale);
    }
  }
}

package io.signalbox.hub.store.telemetry.codec;

/**
 * Reader of the formats of {@link ByteSink}. Invalid data throws {@link CorruptDataException}. One
 * thread at a time.
 */
public final class ByteSource {
  private final byte[] bytes;
  private final int end;
  private int at;

  /** A reader of all bytes, without a checksum. */
  public ByteSource(byte[] bytes) {
    this(bytes, bytes.length);
  }

  private ByteSource(byte[] bytes, int end) {
    this.bytes = bytes;
    this.end = end;
  }

  /** A reader of the bytes before the checksum, which is verified. */
  public static ByteSource sealed(byte[] bytes, long salt) {
    int length = bytes.length - 4;
    if (length < 0) {
      throw new CorruptDataException("only " + bytes.length + " bytes long");
    }
    ByteSource tail = new ByteSource(bytes);
    tail.at = length;
    if (tail.u32() != ByteSink.checksum(bytes, length, salt)) {
      throw new CorruptDataException("its checksum is wrong");
    }
    return new ByteSource(bytes, length);
  }

  /** Whether bytes remain. */
  public boolean hasMore() {
    return at < end;
  }

  /** Reads one unsigned byte. */
  public int u8() {
    need(1);
    return bytes[at++] & 0xff;
  }

  /** Reads a {@link ByteSink#varint}. */
  public long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = u8();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new CorruptDataException("unterminated varint at byte " + at);
  }

  /** Reads a {@link ByteSink#zigzag}. */
  public long zigzag() {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  /** Reads a count or length of at most {@code most}. */
  public int count(int most) {
    long value = varint();
    if (value < 0 || value > most) {
      throw new CorruptDataException("invalid length " + value + " at byte " + at);
    }
    return (int) value;
  }

  /** Reads eight bytes, little-endian. */
  public long u64() {
    long low = u32() & 0xffff_ffffL;
    return low | (long) u32() << 32;
  }

  /** Reads four bytes, little-endian. */
  public int u32() {
    need(4);
    int value = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      value |= (bytes[at++] & 0xff) << shift;
    }
    return value;
  }

  /** Reads raw bytes. */
  public byte[] raw(int length) {
    need(length);
    byte[] copy = new byte[length];
    System.arraycopy(bytes, at, copy, 0, length);
    at += length;
    return copy;
  }

  /** The remaining bytes. */
  public byte[] rest() {
    return raw(end - at);
  }

  private void need(int count) {
    if (count > end - at) {
      throw new CorruptDataException("truncated value at byte " + at);
    }
  }
}

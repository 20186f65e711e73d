package io.signalbox.hub.store.sqlite.telemetry.codec;

/**
 * Reads what {@link ByteSink} wrote; everything that does not fit is {@link CorruptDataException}.
 * Used by one thread at a time.
 */
public final class ByteSource {
  private final byte[] bytes;
  private final int end;
  private int at;

  /** All of the bytes, without a checksum. */
  public ByteSource(byte[] bytes) {
    this(bytes, bytes.length);
  }

  private ByteSource(byte[] bytes, int end) {
    this.bytes = bytes;
    this.end = end;
  }

  /** The bytes before the checksum, once it has been found right. */
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

  /** Whether there is more to read. */
  public boolean hasMore() {
    return at < end;
  }

  /** One byte, unsigned. */
  public int u8() {
    need(1);
    return bytes[at++] & 0xff;
  }

  /** What {@link ByteSink#varint} wrote. */
  public long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = u8();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new CorruptDataException("a number does not end at byte " + at);
  }

  /** What {@link ByteSink#zigzag} wrote. */
  public long zigzag() {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A count or length that must not be larger than {@code most}. */
  public int count(int most) {
    long value = varint();
    if (value < 0 || value > most) {
      throw new CorruptDataException("a length of " + value + " at byte " + at);
    }
    return (int) value;
  }

  /** Eight bytes, lowest first. */
  public long u64() {
    long low = u32() & 0xffff_ffffL;
    return low | (long) u32() << 32;
  }

  /** Four bytes, lowest first. */
  public int u32() {
    need(4);
    int value = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      value |= (bytes[at++] & 0xff) << shift;
    }
    return value;
  }

  /** That many bytes, as they are. */
  public byte[] raw(int length) {
    need(length);
    byte[] copy = new byte[length];
    System.arraycopy(bytes, at, copy, 0, length);
    at += length;
    return copy;
  }

  /** What has not been read yet. */
  public byte[] rest() {
    return raw(end - at);
  }

  private void need(int count) {
    if (count > end - at) {
      throw new CorruptDataException("ends in the middle of a value, at byte " + at);
    }
  }
}

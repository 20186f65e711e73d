package io.signalbox.hub.store.telemetry.codec;

import java.util.Arrays;
import java.util.zip.CRC32C;

/** Growing byte buffer with the number formats of this package. One thread at a time. */
public final class ByteSink {
  private byte[] bytes;
  private int size;

  /** An empty buffer with this initial capacity. */
  public ByteSink(int capacity) {
    bytes = new byte[capacity];
  }

  /** Number of bytes. */
  public int size() {
    return size;
  }

  /** Discards all but the first {@code length} bytes. */
  public void truncate(int length) {
    size = length;
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** Appends one byte. */
  public void u8(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  /** Appends an unsigned varint: seven bits per byte, lowest first. */
  public void varint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** Appends a zigzag varint, in which small negative numbers are short as well. */
  public void zigzag(long value) {
    varint((value << 1) ^ (value >> 63));
  }

  /** Appends eight bytes, little-endian. */
  public void u64(long value) {
    u32((int) value);
    u32((int) (value >>> 32));
  }

  /** Appends four bytes, little-endian. */
  public void u32(int value) {
    reserve(4);
    for (int shift = 0; shift < 32; shift += 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  /** Appends raw bytes. */
  public void raw(byte[] source, int offset, int length) {
    reserve(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }

  /** Appends a checksum over the salt and all previous bytes. */
  public void seal(long salt) {
    u32(checksum(bytes, size, salt));
  }

  static int checksum(byte[] bytes, int length, long salt) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    for (int shift = 0; shift < 64; shift += 8) {
      crc.update((int) (salt >>> shift) & 0xff);
    }
    return (int) crc.getValue();
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
    }
  }
}

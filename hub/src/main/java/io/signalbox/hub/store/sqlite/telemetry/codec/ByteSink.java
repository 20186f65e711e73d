package io.signalbox.hub.store.sqlite.telemetry.codec;

import java.util.Arrays;
import java.util.zip.CRC32C;

/** A growing run of bytes with the number formats of this package. Used by one thread at a time. */
public final class ByteSink {
  private byte[] bytes;
  private int size;

  /** An empty run with room for that many bytes before it grows. */
  public ByteSink(int capacity) {
    bytes = new byte[capacity];
  }

  /** How many bytes it holds. */
  public int size() {
    return size;
  }

  /** Forgets everything but the first {@code length} bytes. */
  public void truncate(int length) {
    size = length;
  }

  /** The bytes so far, as an array of their own. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** One byte. */
  public void u8(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  /** Seven bits a byte, lowest first, read as unsigned. */
  public void varint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** A varint in which small negative numbers are short as well. */
  public void zigzag(long value) {
    varint((value << 1) ^ (value >> 63));
  }

  /** Eight bytes, lowest first. */
  public void u64(long value) {
    u32((int) value);
    u32((int) (value >>> 32));
  }

  /** Four bytes, lowest first. */
  public void u32(int value) {
    reserve(4);
    for (int shift = 0; shift < 32; shift += 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  /** Bytes as they are. */
  public void raw(byte[] source, int offset, int length) {
    reserve(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }

  /** Ends the run with a checksum over the salt and everything before it. */
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

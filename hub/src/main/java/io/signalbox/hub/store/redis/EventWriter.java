package io.signalbox.hub.store.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Growing buffer with the formats that {@link EventReader} reads. One thread at a time. */
final class EventWriter {
  private byte[] bytes;
  private int size;

  EventWriter(int capacity) {
    bytes = new byte[capacity];
  }

  /** A copy of the bytes. */
  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** One byte. */
  void u8(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  /** An unsigned varint: seven bits per byte, lowest first. */
  void varint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** A zigzag varint, in which small negative numbers are short as well. */
  void zigzag(long value) {
    varint((value << 1) ^ (value >> 63));
  }

  /** Eight bytes, lowest first. */
  void u64(long value) {
    reserve(8);
    for (int shift = 0; shift < 64; shift += 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  /** Begins a part with its length in front; returns its start for {@link #end}. */
  int begin() {
    reserve(4);
    size += 4;
    return size;
  }

  /** Ends the part that began there. */
  void end(int start) {
    int length = size - start;
    for (int i = 0; i < 4; i++) {
      bytes[start - 4 + i] = (byte) (length >>> (8 * i));
    }
  }

  /** A text in UTF-8, with its length. */
  void text(String text) {
    int length = text.length();
    int start = size;
    varint(EventReader.lengthOf(length, false));
    reserve(length);
    byte[] to = bytes;
    int at = size;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        size = start;
        otherText(text);
        return;
      }
      to[at + i] = (byte) c;
    }
    size = at + length;
  }

  /** A text with other characters than ASCII: in UTF-8, unless it has a lone surrogate. */
  private void otherText(String text) {
    if (StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
      varint(EventReader.lengthOf(encoded.length, false));
      reserve(encoded.length);
      System.arraycopy(encoded, 0, bytes, size, encoded.length);
      size += encoded.length;
    } else {
      varint(EventReader.lengthOf(2 * text.length(), true));
      text.chars().forEach(this::u16);
    }
  }

  private void u16(int value) {
    u8(value >>> 8);
    u8(value);
  }

  /** Whether there is a value, and the value. */
  <T> void optional(@Nullable T value, Consumer<T> writer) {
    u8(value == null ? 0 : 1);
    if (value != null) {
      writer.accept(value);
    }
  }

  /** A text or null. */
  void optionalText(@Nullable String text) {
    optional(text, this::text);
  }

  /** A number or null. */
  void optionalNumber(@Nullable Long number) {
    optional(number, this::zigzag);
  }

  /** A constant by its name, so that versions of the hub may number their constants otherwise. */
  void constant(Enum<?> constant) {
    text(constant.name());
  }

  /** A list with its length. */
  <T> void list(Collection<T> list, Consumer<T> writer) {
    varint(list.size());
    list.forEach(writer);
  }

  /** A map with its size. */
  <K, V> void map(Map<K, V> map, BiConsumer<K, V> writer) {
    varint(map.size());
    map.forEach(writer);
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
    }
  }
}

package io.signalbox.hub.store.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reader of the formats of {@link EventWriter}. No length exceeds the bytes that are left, so
 * damaged bytes cannot make it allocate more than a small multiple of them. One thread at a time.
 */
final class EventReader {
  private final byte[] bytes;
  private final int end;
  private int at;

  /** The bytes are not what a hub has written. */
  public static final class CorruptEventsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CorruptEventsException(String how) {
      super("damaged events: " + how);
    }
  }

  /** A constant that only a newer version of the hub knows. Has no stack trace. */
  static final class UnknownConstantException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownConstantException(String name) {
      super(name, null, false, false);
    }
  }

  EventReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private EventReader(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /** The number in front of a text: its length in bytes, and whether it is UTF-16. */
  static long lengthOf(int bytes, boolean utf16) {
    return ((long) bytes << 1) | (utf16 ? 1 : 0);
  }

  /** Refuses bytes behind the last value. */
  void requireEnd() {
    if (at < end) {
      throw new CorruptEventsException((end - at) + " bytes too many");
    }
  }

  int u8() {
    need(1);
    return bytes[at++] & 0xff;
  }

  long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = u8();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new CorruptEventsException("a number without end at byte " + at);
  }

  long zigzag() {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  long u64() {
    need(8);
    long value = 0;
    for (int shift = 0; shift < 64; shift += 8) {
      value |= (bytes[at++] & 0xffL) << shift;
    }
    return value;
  }

  /** The next part, which has its length in front; this reader goes on behind it. */
  EventReader part() {
    need(4);
    int length = 0;
    for (int i = 0; i < 4; i++) {
      length |= (bytes[at++] & 0xff) << (8 * i);
    }
    EventReader part = new EventReader(bytes, at, at + requireLeft(length));
    at += length;
    return part;
  }

  /** A number of elements, each of which has at least one byte. */
  int count() {
    return requireLeft(varint());
  }

  String text() {
    long head = varint();
    int length = requireLeft(head >>> 1);
    int from = at;
    at += length;
    return (head & 1) == 0
        ? new String(bytes, from, length, StandardCharsets.UTF_8)
        : utf16(from, length / 2);
  }

  private String utf16(int from, int length) {
    char[] chars = new char[length];
    for (int i = 0; i < length; i++) {
      chars[i] = (char) ((bytes[from + 2 * i] << 8) | (bytes[from + 2 * i + 1] & 0xff));
    }
    return new String(chars);
  }

  <T> @Nullable T optional(Supplier<T> reader) {
    return u8() == 0 ? null : reader.get();
  }

  @Nullable String optionalText() {
    return optional(this::text);
  }

  @Nullable Long optionalNumber() {
    return optional(this::zigzag);
  }

  <E extends Enum<E>> E constant(Class<E> type) {
    String name = text();
    try {
      return Enum.valueOf(type, name);
    } catch (IllegalArgumentException newer) {
      throw new UnknownConstantException(type.getSimpleName() + ' ' + name);
    }
  }

  <T> List<T> list(Supplier<T> reader) {
    int count = count();
    List<T> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(reader.get());
    }
    return Collections.unmodifiableList(list);
  }

  <K, V> Map<K, V> map(Supplier<K> key, Supplier<V> value) {
    int count = count();
    Map<K, V> map = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      map.put(key.get(), value.get());
    }
    return Collections.unmodifiableMap(map);
  }

  private void need(int count) {
    if (count > end - at) {
      throw new CorruptEventsException("the value at byte " + at + " is cut off");
    }
  }

  private int requireLeft(long length) {
    if (length < 0 || length > end - at) {
      throw new CorruptEventsException("invalid length " + length + " at byte " + at);
    }
    return (int) length;
  }
}

package io.signalbox.hub.store.redis.telemetry;

import io.signalbox.hub.store.telemetry.ChunkHead;
import io.signalbox.hub.store.telemetry.codec.ByteSink;
import io.signalbox.hub.store.telemetry.codec.ByteSource;

/**
 * Codec of the heads of chunks. Scripts read the first 18 bytes: six of the id, which is also the
 * field of the body, four of the count, eight of the first time.
 */
final class ChunkHeadCodec {
  /** Bytes of an id. */
  static final int ID = 6;

  private ChunkHeadCodec() {}

  static byte[] encode(ChunkHead head) {
    ByteSink sink = new ByteSink(64);
    sink.raw(field(head.id()), 0, ID);
    sink.u32(head.count());
    sink.u64(head.first());
    sink.varint(head.last() - head.first());
    sink.varint(head.numbers());
    if (head.numbers() > 0) {
      sink.u64(Double.doubleToRawLongBits(head.min()));
      sink.varint(head.minAt() - head.first());
      sink.u64(Double.doubleToRawLongBits(head.max()));
      sink.varint(head.maxAt() - head.first());
      sink.u64(Double.doubleToRawLongBits(head.sum()));
    }
    return sink.toBytes();
  }

  static ChunkHead decode(byte[] bytes) {
    ByteSource source = new ByteSource(bytes);
    long id = 0;
    for (byte each : source.raw(ID)) {
      id = (id << 8) | (each & 0xff);
    }
    int count = source.u32();
    long first = source.u64();
    long last = first + source.varint();
    int numbers = source.count(count);
    if (numbers == 0) {
      return new ChunkHead(id, first, last, count, 0, 0, first, 0, first, 0);
    }
    double min = Double.longBitsToDouble(source.u64());
    long minAt = first + source.varint();
    double max = Double.longBitsToDouble(source.u64());
    long maxAt = first + source.varint();
    double sum = Double.longBitsToDouble(source.u64());
    return new ChunkHead(id, first, last, count, numbers, min, minAt, max, maxAt, sum);
  }

  /** The field of a chunk's body. */
  static byte[] field(long id) {
    byte[] bytes = new byte[ID];
    for (int i = 0; i < ID; i++) {
      bytes[i] = (byte) (id >>> (8 * (ID - 1 - i)));
    }
    return bytes;
  }
}

package io.signalbox.hub.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import java.nio.charset.StandardCharsets;

/** Encodes unmasked, unfragmented frames (RFC 6455, section 5.2). */
final class FrameEncoder {
  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;

  private static final int FIN = 0x80;
  private static final int LARGEST_HEADER = 10;

  /** Up to this size, in bytes, a copy is cheaper than a second buffer in the write. */
  private static final int COPY_UP_TO = 4096;

  /** Section 5.5: limit of a control frame's payload, minus two bytes for the code. */
  private static final int LONGEST_REASON = 123;

  private FrameEncoder() {}

  /** Writes a frame without a flush; takes ownership of the payload. */
  static ChannelFuture write(Channel channel, int opcode, ByteBuf payload, ChannelPromise done) {
    int length = payload.readableBytes();
    boolean copy = length <= COPY_UP_TO;
    ByteBuf frame = channel.alloc().ioBuffer(copy ? LARGEST_HEADER + length : LARGEST_HEADER);
    header(frame, opcode, length);
    if (copy) {
      frame.writeBytes(payload, payload.readerIndex(), length);
      payload.release();
      return channel.write(frame, done);
    }
    ChannelFuture unused = channel.write(frame, channel.voidPromise());
    return channel.write(payload, done);
  }

  private static void header(ByteBuf frame, int opcode, int length) {
    frame.writeByte(FIN | opcode);
    if (length < 126) {
      frame.writeByte(length);
    } else if (length <= 0xFFFF) {
      frame.writeByte(126).writeShort(length);
    } else {
      frame.writeByte(127).writeLong(length);
    }
  }

  /** Code and reason; the reason is cut at a character boundary to fit. */
  static ByteBuf closePayload(ByteBufAllocator alloc, int code, String reason) {
    ByteBuf payload = alloc.buffer(2 + LONGEST_REASON).writeShort(code);
    String fitting = reason;
    while (ByteBufUtil.utf8Bytes(fitting) > LONGEST_REASON) {
      int end = fitting.length() - 1;
      fitting = fitting.substring(0, Character.isLowSurrogate(fitting.charAt(end)) ? end - 1 : end);
    }
    payload.writeCharSequence(fitting, StandardCharsets.UTF_8);
    return payload;
  }
}

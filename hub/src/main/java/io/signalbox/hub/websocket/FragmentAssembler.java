package io.signalbox.hub.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.signalbox.hub.text.Utf8Validator;

/**
 * Buffer for a fragmented message (RFC 6455, section 5.4). Fragments are copied into one growing
 * buffer, so that a message sent byte by byte does not cost an object per byte.
 */
final class FragmentAssembler {
  private final boolean text;
  private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
  private int utf8 = Utf8Validator.START;

  FragmentAssembler(boolean text) {
    this.text = text;
  }

  boolean isText() {
    return text;
  }

  boolean fits(ByteBuf piece, int maxBytes) {
    return bytes.readableBytes() + piece.readableBytes() <= maxBytes;
  }

  /** Adds a fragment; false if the text so far is not valid UTF-8. */
  boolean add(ByteBufAllocator alloc, ByteBuf piece, boolean last) {
    if (text) {
      utf8 = Utf8Validator.check(utf8, piece);
      if (utf8 == Utf8Validator.BROKEN || (last && utf8 != Utf8Validator.START)) {
        return false;
      }
    }
    if (bytes.capacity() == 0) {
      bytes = alloc.buffer(Math.max(256, piece.readableBytes()));
    }
    bytes.writeBytes(piece, piece.readerIndex(), piece.readableBytes());
    return true;
  }

  ByteBuf payload() {
    return bytes;
  }

  void release() {
    bytes.release();
    bytes = Unpooled.EMPTY_BUFFER;
  }
}

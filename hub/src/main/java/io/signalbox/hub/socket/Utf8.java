package io.signalbox.hub.socket;

import io.netty.buffer.ByteBuf;

/**
 * Checks UTF-8 piece by piece (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
 * The state between two pieces is one int, so that a fragmented message costs no object: how many
 * continuation bytes are due, and the bounds of the next one.
 */
final class Utf8 {
  /** Between two characters. */
  static final int START = 0;

  /** No continuation can make this valid. */
  static final int BROKEN = -1;

  private static final long HIGH_BITS = 0x8080808080808080L;

  private Utf8() {}

  /** The state after the piece, or {@link #BROKEN}. */
  static int check(int state, ByteBuf piece) {
    int at = piece.readerIndex();
    int end = piece.writerIndex();
    int now = state;
    while (at < end) {
      if (now == START) {
        at = skipAscii(piece, at, end);
        if (at == end) {
          return START;
        }
      }
      int b = piece.getByte(at) & 0xFF;
      now = now == START ? lead(b) : continuation(now, b);
      if (now == BROKEN) {
        return BROKEN;
      }
      at++;
    }
    return now;
  }

  private static int skipAscii(ByteBuf piece, int from, int end) {
    int at = from;
    while (end - at >= Long.BYTES && (piece.getLong(at) & HIGH_BITS) == 0) {
      at += Long.BYTES;
    }
    while (at < end && piece.getByte(at) >= 0) {
      at++;
    }
    return at;
  }

  private static int lead(int b) {
    if (b >= 0xC2 && b <= 0xDF) {
      return state(1, 0x80, 0xBF);
    }
    return switch (b) {
      case 0xE0 -> state(2, 0xA0, 0xBF);
      case 0xED -> state(2, 0x80, 0x9F);
      case 0xF0 -> state(3, 0x90, 0xBF);
      case 0xF4 -> state(3, 0x80, 0x8F);
      case 0xF1, 0xF2, 0xF3 -> state(3, 0x80, 0xBF);
      default -> b >= 0xE1 && b <= 0xEF ? state(2, 0x80, 0xBF) : BROKEN;
    };
  }

  private static int continuation(int state, int b) {
    if (b < (state >> 8 & 0xFF) || b > (state & 0xFF)) {
      return BROKEN;
    }
    int due = (state >> 16) - 1;
    return due == 0 ? START : state(due, 0x80, 0xBF);
  }

  private static int state(int due, int low, int high) {
    return due << 16 | low << 8 | high;
  }
}

package io.signalbox.hub.text;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Validator of UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF) in an
 * array or in a sequence of buffers. The state between two buffers is one int, so that a fragmented
 * message allocates nothing: the number of continuation bytes due, and the bounds of the next one.
 */
public final class Utf8Validator {
  /** State between two characters. */
  public static final int START = 0;

  /** State after an invalid byte. */
  public static final int BROKEN = -1;

  /** The result of {@link #invalidAt} for valid text. */
  public static final int VALID = -1;

  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private Utf8Validator() {}

  /** The state after the buffer, or {@link #BROKEN}. */
  public static int check(int state, ByteBuf piece) {
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

  /**
   * Index of the first invalid byte sequence, or {@link #VALID}. ASCII, the usual content, is
   * skipped eight bytes at a time.
   */
  public static int invalidAt(byte[] bytes, int from, int to) {
    int at = skipAscii(bytes, from, to);
    while (at < to) {
      int first = at;
      int state = lead(bytes[at++] & 0xFF);
      while (state > START && at < to) {
        state = continuation(state, bytes[at++] & 0xFF);
      }
      if (state != START) {
        return first;
      }
      at = skipAscii(bytes, at, to);
    }
    return VALID;
  }

  /**
   * Describes the error at an index that {@link #invalidAt} returned.
   *
   * @param from start of the text, from which positions are counted
   */
  public static String fault(byte[] bytes, int from, int invalid) {
    return "byte %d is 0x%02x, which is not valid UTF-8"
        .formatted(invalid - from, bytes[invalid] & 0xFF);
  }

  private static int skipAscii(byte[] bytes, int from, int to) {
    int at = from;
    while (to - at >= Long.BYTES && ((long) EIGHT.get(bytes, at) & HIGH_BITS) == 0) {
      at += Long.BYTES;
    }
    while (at < to && bytes[at] >= 0) {
      at++;
    }
    return at;
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

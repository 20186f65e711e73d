package io.signalbox.hub.wire;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.text.Utf8Validator;

/**
 * UTF-8 check that runs before the parser. Jackson's parsers do not refuse all invalid UTF-8: the
 * one over a reader replaces it, those over bytes accept overlong forms and surrogates. Costs one
 * pass with steps of eight bytes. Stateless; safe on any thread.
 */
public final class Utf8Text {
  private static final int ARGUMENT_FOLLOWS = 24; // [RFC 8949, 3]
  private static final int RESERVED = 28;
  private static final int INDEFINITE = 31;
  private static final int BYTE_STRING = 2;
  private static final int TEXT_STRING = 3;

  private Utf8Text() {}

  /**
   * Refuses JSON that is not UTF-8, with the byte's position. The parser would also accept UTF-16
   * and UTF-32, which it detects by their zero bytes.
   */
  public static void requireJson(byte[] bytes, int from, int to) {
    requireText(bytes, from, to);
    for (int i = from; i < Math.min(from + 2, to); i++) {
      if (bytes[i] == 0) {
        String what = "byte " + (i - from) + " is 0x00; JSON must be UTF-8 (RFC 8259, section 8.1)";
        throw new Refusal(Refusal.ErrorCode.MALFORMED, what);
      }
    }
  }

  /** Refuses text that is not UTF-8, with the byte's position. */
  static void requireText(byte[] bytes, int from, int to) {
    refuseAt(bytes, from, Utf8Validator.invalidAt(bytes, from, to));
  }

  /** Refuses CBOR with a text string, or a chunk of one, that is not UTF-8. */
  static void requireCbor(byte[] bytes, int from, int to) {
    refuseAt(bytes, from, invalidCborText(bytes, from, to));
  }

  private static void refuseAt(byte[] bytes, int from, int invalid) {
    if (invalid != Utf8Validator.VALID) {
      throw new Refusal(Refusal.ErrorCode.MALFORMED, Utf8Validator.fault(bytes, from, invalid));
    }
  }

  /**
   * Walks from item head to item head, ignoring the nesting. Malformed CBOR ends the search; the
   * parser reports it.
   */
  private static int invalidCborText(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      int major = (bytes[at] & 0xFF) >> 5;
      int info = bytes[at++] & 0x1F;
      int size = info < ARGUMENT_FOLLOWS || info == INDEFINITE ? 0 : 1 << (info - ARGUMENT_FOLLOWS);
      if ((info >= RESERVED && info < INDEFINITE) || size > to - at) {
        return Utf8Validator.VALID;
      }
      long argument = size == 0 ? info : argument(bytes, at, size);
      at += size;
      if (isString(major) && info != INDEFINITE) {
        if (argument < 0 || argument > to - at) {
          return Utf8Validator.VALID;
        }
        int end = at + (int) argument;
        int invalid =
            major == TEXT_STRING ? Utf8Validator.invalidAt(bytes, at, end) : Utf8Validator.VALID;
        if (invalid != Utf8Validator.VALID) {
          return invalid;
        }
        at = end;
      }
    }
    return Utf8Validator.VALID;
  }

  private static boolean isString(int major) {
    return major == BYTE_STRING || major == TEXT_STRING;
  }

  private static long argument(byte[] bytes, int at, int size) {
    long argument = 0;
    for (int i = at; i < at + size; i++) {
      argument = (argument << 8) | (bytes[i] & 0xFF);
    }
    return argument;
  }
}

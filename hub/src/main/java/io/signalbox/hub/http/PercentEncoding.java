package io.signalbox.hub.http;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.text.Utf8Validator;

/** Checks percent-encoding (RFC 3986, section 2.1) before decoding. Stateless: any thread. */
final class PercentEncoding {
  private static final int ESCAPE = 3; // length of %b0

  private PercentEncoding() {}

  /**
   * Refuses a request target with non-ASCII characters or with escapes that are not UTF-8: a
   * decoder would guess the former and replace the latter.
   */
  static void requireUtf8(String target) {
    for (int at = 0; at < target.length(); ) {
      if (target.charAt(at) > '~') {
        throw malformed(at, "is not ASCII; percent-encode it as UTF-8");
      }
      int end = endOfEscapes(target, at);
      if (end > at) {
        requireUtf8(target, at, end);
      }
      at = Math.max(end, at + 1);
    }
  }

  /** Checks a run of escapes: the ASCII between two runs ends a character. */
  private static void requireUtf8(String target, int from, int to) {
    byte[] bytes = new byte[(to - from) / ESCAPE];
    for (int i = 0; i < bytes.length; i++) {
      int at = from + i * ESCAPE;
      bytes[i] = (byte) Integer.parseInt(target, at + 1, at + ESCAPE, 16);
    }
    int invalid = Utf8Validator.invalidAt(bytes, 0, bytes.length);
    if (invalid != Utf8Validator.VALID) {
      int at = from + invalid * ESCAPE;
      throw malformed(at, "starts %s, which is not UTF-8".formatted(target.substring(at, at + 3)));
    }
  }

  private static int endOfEscapes(String target, int from) {
    int at = from;
    while (at + ESCAPE <= target.length()
        && target.charAt(at) == '%'
        && Character.digit(target.charAt(at + 1), 16) >= 0
        && Character.digit(target.charAt(at + 2), 16) >= 0) {
      at += ESCAPE;
    }
    return at;
  }

  private static Refusal malformed(int at, String what) {
    return new Refusal(ErrorCode.MALFORMED, "character " + at + " of the request target " + what);
  }
}

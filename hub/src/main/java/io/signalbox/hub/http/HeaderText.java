package io.signalbox.hub.http;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.text.Utf8Validator;
import java.nio.charset.StandardCharsets;

/** Decodes header values that hold text. Stateless: any thread. */
public final class HeaderText {
  private HeaderText() {}

  /**
   * Decodes a value as Netty gives it, one Latin-1 character per byte. Throws if it is not UTF-8,
   * with the header's name and the position of the byte.
   */
  public static String utf8(String header, String latin1) {
    byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
    int invalid = Utf8Validator.invalidAt(bytes, 0, bytes.length);
    if (invalid != Utf8Validator.VALID) {
      String what = header + ": " + Utf8Validator.fault(bytes, 0, invalid);
      throw new Refusal(ErrorCode.MALFORMED, header, what);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}

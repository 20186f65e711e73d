package io.signalbox.hub.http;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.text.Utf8Validator;
import java.nio.charset.StandardCharsets;

/** Header values that hold text rather than tokens. Stateless: any thread. */
public final class HeaderText {
  private HeaderText() {}

  /**
   * The text of a value as Netty gives it, a character of Latin-1 for each byte; what is not UTF-8
   * is refused by the header and the byte.
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

package io.signalbox.hub.http;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.text.Utf8;
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
    int invalid = Utf8.invalidAt(bytes, 0, bytes.length);
    if (invalid != Utf8.VALID) {
      String what = "byte %d is 0x%02x".formatted(invalid, bytes[invalid] & 0xFF);
      throw new Refusal(Kind.MALFORMED, header, header + ": " + what + ", which is not UTF-8 here");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}

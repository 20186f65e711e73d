package io.signalbox.hub.text;

/** Length in UTF-8 and control characters of strings, without encoding them. */
public final class Utf8Length {
  /** The length of text with a lone surrogate, which has no UTF-8 form. */
  public static final int BROKEN = -1;

  private Utf8Length() {}

  /** The text's length in UTF-8 bytes, or {@link #BROKEN}. */
  public static int utf8Length(CharSequence text) {
    int bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        continue;
      }
      if (Character.isSurrogate(c) && !isPaired(text, i)) {
        return BROKEN;
      }
      boolean two = c < 0x800 || Character.isSurrogate(c); // a pair takes four bytes
      bytes += two ? 1 : 2;
    }
    return bytes;
  }

  private static boolean isPaired(CharSequence text, int at) {
    int high = Character.isHighSurrogate(text.charAt(at)) ? at : at - 1;
    boolean inside = high >= 0 && high + 1 < text.length();
    return inside && Character.isSurrogatePair(text.charAt(high), text.charAt(high + 1));
  }

  /** Whether the text contains ISO control characters. */
  public static boolean hasControls(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }
}

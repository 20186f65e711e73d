package io.signalbox.hub.wire;

/** Measures of strings, without encoding them. */
final class Utf8Length {
  /** What {@link #utf8Length} says of half a surrogate pair: such text has no UTF-8. */
  static final int BROKEN = -1;

  private Utf8Length() {}

  /** How many bytes the text takes in UTF-8, or {@link #BROKEN}. */
  static int utf8Length(CharSequence text) {
    int bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        continue;
      }
      if (Character.isSurrogate(c) && !isPaired(text, i)) {
        return BROKEN;
      }
      boolean two = c < 0x800 || Character.isSurrogate(c); // a pair takes four
      bytes += two ? 1 : 2;
    }
    return bytes;
  }

  private static boolean isPaired(CharSequence text, int at) {
    int high = Character.isHighSurrogate(text.charAt(at)) ? at : at - 1;
    boolean inside = high >= 0 && high + 1 < text.length();
    return inside && Character.isSurrogatePair(text.charAt(high), text.charAt(high + 1));
  }

  /** Whether there is a character in it that steers devices instead of being read. */
  static boolean hasControls(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }
}

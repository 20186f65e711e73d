package io.signalbox.hub.wire;

/** ASCII text in a byte array, looked up in a direct-mapped table without making a string first. */
final class AsciiBytes {
  private AsciiBytes() {}

  /** The hash that {@link String#hashCode} has for the same text. */
  static int hash(byte[] bytes, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + bytes[i];
    }
    return hash;
  }

  /** The slot of a hash in a table whose size is a power of two. */
  static int slot(int hash, int size) {
    return (hash ^ hash >>> 16) & (size - 1);
  }

  /** Whether the bytes are this text. */
  static boolean matches(String text, byte[] bytes, int from, int to) {
    if (text.length() != to - from) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (text.charAt(i - from) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /** A new string of the bytes. */
  @SuppressWarnings("deprecation") // the only constructor that just copies the bytes
  static String text(byte[] bytes, int from, int to) {
    return new String(bytes, 0, from, to - from);
  }
}

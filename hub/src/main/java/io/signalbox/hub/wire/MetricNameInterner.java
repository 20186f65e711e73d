package io.signalbox.hub.wire;

import java.text.Normalizer;

/**
 * Gives the same String for the same metric name, so that rooms that look names up compare
 * references and find hashes computed. A direct-mapped table of fixed size: names that fall on the
 * same place only drive each other out.
 *
 * <p>Threads: any. Entries are immutable Strings, so a lost race costs a copy, never a wrong name.
 */
public final class MetricNameInterner {
  private static final char FIRST_COMBINING = '\u0300';
  private static final int SIZE = 4096;
  private static final String[] table = new String[SIZE];

  private MetricNameInterner() {}

  /**
   * The name in Unicode's composed form (NFC), so that what looks the same is the same metric. What
   * has no character from U+0300 on is in it already.
   */
  public static String normalized(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) >= FIRST_COMBINING) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
      }
    }
    return name;
  }

  /** The name as others have it. */
  static String of(String name) {
    int hash = 0;
    for (int i = 0; i < name.length(); i++) {
      hash = 31 * hash + name.charAt(i);
    }
    int position = place(hash);
    String known = table[position];
    if (name.equals(known)) {
      return known;
    }
    table[position] = name;
    return name;
  }

  /** The name that these bytes of ASCII spell. */
  @SuppressWarnings("deprecation") // the constructor for Latin-1 is the only one that just copies
  static String of(byte[] bytes, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + bytes[i];
    }
    int position = place(hash);
    String known = table[position];
    if (known != null && spells(known, bytes, from, to)) {
      return known;
    }
    String name = new String(bytes, 0, from, to - from);
    table[position] = name;
    return name;
  }

  private static boolean spells(String name, byte[] bytes, int from, int to) {
    if (name.length() != to - from) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (name.charAt(i - from) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private static int place(int hash) {
    return (hash ^ hash >>> 16) & (SIZE - 1);
  }
}

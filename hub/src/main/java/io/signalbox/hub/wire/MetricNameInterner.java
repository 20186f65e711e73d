package io.signalbox.hub.wire;

import java.text.Normalizer;

/**
 * Interner of metric names, so that later lookups compare references and reuse computed hashes. A
 * direct-mapped table of fixed size: names with the same slot replace each other.
 *
 * <p>Safe on any thread. Entries are immutable, so a lost race costs a copy, never a wrong name.
 */
public final class MetricNameInterner {
  private static final char FIRST_COMBINING = '\u0300';
  private static final int SIZE = 4096;
  private static final String[] table = new String[SIZE];

  private MetricNameInterner() {}

  /**
   * The name in Unicode's composed form (NFC), so that names that look alike are one metric. Names
   * without characters from U+0300 on are in NFC already.
   */
  public static String normalized(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) >= FIRST_COMBINING) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
      }
    }
    return name;
  }

  /** The interned name. */
  public static String of(String name) {
    int slot = AsciiBytes.slot(name.hashCode(), SIZE);
    String known = table[slot];
    if (name.equals(known)) {
      return known;
    }
    table[slot] = name;
    return name;
  }

  /** The interned name of these ASCII bytes. */
  static String of(byte[] bytes, int from, int to) {
    int slot = AsciiBytes.slot(AsciiBytes.hash(bytes, from, to), SIZE);
    String known = table[slot];
    if (known != null && AsciiBytes.matches(known, bytes, from, to)) {
      return known;
    }
    String name = AsciiBytes.text(bytes, from, to);
    table[slot] = name;
    return name;
  }
}

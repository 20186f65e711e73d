package io.signalbox.hub.wire;

import io.signalbox.hub.model.Value;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Interner of short string values. String readings are mostly states, a few strings that repeat,
 * and stay in memory for minutes in open chunks and in the feed; each separate copy takes 64 bytes.
 * A direct-mapped table of fixed size, as in {@link MetricNameInterner}: texts with the same slot
 * replace each other.
 *
 * <p>Safe on any thread. Entries are immutable, so a lost race costs a copy, never a wrong text.
 */
final class StateTexts {
  /** Longer texts are rarely states and are not interned. */
  private static final int MAX_BYTES = 24;

  private static final int SIZE = 1024;
  private static final Value.@Nullable Text[] table = new Value.@Nullable Text[SIZE];

  private StateTexts() {}

  /** The interned text of these ASCII bytes. */
  static Value.Text of(byte[] bytes, int from, int to) {
    if (to - from > MAX_BYTES) {
      return made(bytes, from, to);
    }
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + bytes[i];
    }
    int slot = (hash ^ hash >>> 16) & (SIZE - 1);
    Value.Text known = table[slot];
    if (known != null && matches(known.text(), bytes, from, to)) {
      return known;
    }
    Value.Text text = made(bytes, from, to);
    table[slot] = text;
    return text;
  }

  private static Value.Text made(byte[] bytes, int from, int to) {
    return new Value.Text(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
  }

  private static boolean matches(String text, byte[] bytes, int from, int to) {
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
}

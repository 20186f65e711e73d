package io.signalbox.hub.wire;

import io.signalbox.hub.model.Value;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Gives the same value for the same short text. A reading that is a text is a state more often than
 * not, one of a few words that come again and again, and is kept for minutes in open chunks and in
 * the feed: a string of its own for each takes 64 bytes. A direct-mapped table of fixed size, as
 * {@link MetricNameInterner} has it: texts that fall on the same place only drive each other out.
 *
 * <p>Threads: any. Entries are immutable, so a lost race costs a copy, never a wrong text.
 */
final class StateTexts {
  /** Longer ones are no states, and do not come again. */
  private static final int MOST_BYTES = 24;

  private static final int SIZE = 1024;
  private static final Value.@Nullable Text[] table = new Value.@Nullable Text[SIZE];

  private StateTexts() {}

  /** The text that these bytes of ASCII spell. */
  static Value.Text of(byte[] bytes, int from, int to) {
    if (to - from > MOST_BYTES) {
      return made(bytes, from, to);
    }
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + bytes[i];
    }
    int position = (hash ^ hash >>> 16) & (SIZE - 1);
    Value.Text known = table[position];
    if (known != null && spells(known.text(), bytes, from, to)) {
      return known;
    }
    Value.Text text = made(bytes, from, to);
    table[position] = text;
    return text;
  }

  private static Value.Text made(byte[] bytes, int from, int to) {
    return new Value.Text(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
  }

  private static boolean spells(String text, byte[] bytes, int from, int to) {
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

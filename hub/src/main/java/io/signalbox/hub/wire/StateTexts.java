package io.signalbox.hub.wire;

import io.signalbox.hub.model.Value;
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
    int slot = AsciiBytes.slot(AsciiBytes.hash(bytes, from, to), SIZE);
    Value.Text known = table[slot];
    if (known != null && AsciiBytes.matches(known.text(), bytes, from, to)) {
      return known;
    }
    Value.Text text = made(bytes, from, to);
    table[slot] = text;
    return text;
  }

  private static Value.Text made(byte[] bytes, int from, int to) {
    return new Value.Text(AsciiBytes.text(bytes, from, to));
  }
}

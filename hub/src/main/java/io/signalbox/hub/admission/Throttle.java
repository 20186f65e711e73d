package io.signalbox.hub.admission;

import io.signalbox.hub.clock.MonotonicClock;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down who guesses keys. An address that has shown too many different wrong keys is not
 * listened to for the rest of its minute, even with a right one. A program that repeats one wrong
 * key is broken, not guessing: it counts once, so that it does not lock out its neighbours.
 *
 * <p>Remembers the addresses that failed last, a bounded number. Threading: any thread.
 */
public final class Throttle {
  private static final int ADDRESSES = 4_096;

  /** Different wrong keys of one address within a window; then it is not listened to. */
  public static final int GUESSES = 10;

  /** How long guesses are remembered. */
  public static final long WINDOW_MILLIS = 60_000;

  private static final class Slate {
    final long since;
    int guesses;
    int lastKey;

    Slate(long since) {
      this.since = since;
    }
  }

  private final MonotonicClock clock;
  private final Map<String, Slate> records = new LinkedHashMap<>();

  Throttle(MonotonicClock clock) {
    this.clock = clock;
  }

  /** Refuses an address that has guessed too often. */
  synchronized void check(String address) {
    Slate record = records.get(address);
    if (record != null && isOver(record)) {
      records.remove(address);
    } else if (record != null && record.guesses >= GUESSES) {
      throw new Refusal(Kind.TOO_FAST, "too many wrong keys from this address; wait a minute")
          .retryIn(secondsLeft(record));
    }
  }

  /** Notes a wrong key of an address. */
  synchronized void failed(String address, String key) {
    Slate record = records.computeIfAbsent(address, a -> new Slate(clock.monotonicMillis()));
    if (record.guesses == 0 || record.lastKey != key.hashCode()) {
      record.guesses++;
      record.lastKey = key.hashCode();
    }
    if (records.size() > ADDRESSES) {
      records.remove(records.keySet().iterator().next());
    }
  }

  private int secondsLeft(Slate record) {
    return (int) Math.ceilDiv(record.since + WINDOW_MILLIS - clock.monotonicMillis(), 1_000);
  }

  private boolean isOver(Slate record) {
    return clock.monotonicMillis() - record.since >= WINDOW_MILLIS;
  }
}

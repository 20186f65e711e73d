package io.signalbox.hub.command;

import io.signalbox.hub.clock.WallClock;
import java.security.SecureRandom;
import java.util.UUID;

/**
 * Makes ids: UUIDv7 of RFC 9562, each greater than the one before it on this node even when the
 * clock stands still or goes back. The twelve bits after the version count within a millisecond
 * (section 6.2, method 1), starting below their half at random; when they run out, the millisecond
 * is borrowed from the future.
 *
 * <p>Threading: any thread.
 */
public final class UuidV7Generator {
  private static final int COUNTERS = 1 << 12;

  private final WallClock clock;
  private final SecureRandom random = new SecureRandom();
  private long millis = Long.MIN_VALUE;
  private int counter;

  /** Ids by a clock of Unix milliseconds. */
  public UuidV7Generator(WallClock clock) {
    this.clock = clock;
  }

  /** The next id. */
  public synchronized String next() {
    advance(clock.wallMillis());
    long high = millis << 16 | 0x7000L | counter;
    long low = random.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }

  private void advance(long now) {
    if (now > millis) {
      millis = now;
      counter = random.nextInt(COUNTERS / 2);
    } else if (++counter == COUNTERS) {
      millis++;
      counter = 0;
    }
  }
}

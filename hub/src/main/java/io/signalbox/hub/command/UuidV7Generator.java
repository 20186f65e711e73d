package io.signalbox.hub.command;

import io.signalbox.hub.clock.WallClock;
import java.security.SecureRandom;
import java.util.UUID;

/**
 * Generator of UUIDv7 (RFC 9562), each greater than the previous one of this node even if the clock
 * stops or goes back. The twelve bits after the version are a counter within the millisecond
 * (section 6.2, method 1) that starts at a random value in its lower half; on overflow the
 * millisecond is incremented ahead of the clock.
 *
 * <p>Threading: any thread.
 */
public final class UuidV7Generator {
  private static final int COUNTERS = 1 << 12;

  private final WallClock clock;
  private final SecureRandom random = new SecureRandom();
  private long millis = Long.MIN_VALUE;
  private int counter;

  /** A generator with a clock of Unix milliseconds. */
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

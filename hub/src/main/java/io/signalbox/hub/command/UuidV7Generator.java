package io.signalbox.hub.command;

import io.signalbox.hub.clock.WallClock;
import io.signalbox.hub.model.Device;
import java.security.SecureRandom;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Generator of UUIDv7 (RFC 9562), each greater than the previous one of this node even if the clock
 * stops or goes back. The twelve bits after the version are a counter within the millisecond
 * (section 6.2, method 1) that starts at a random value in its lower half; on overflow the
 * millisecond is incremented ahead of the clock.
 *
 * <p>The 62 bits after the variant are random. In an id made for a device the last six of them are
 * the device's bucket instead, so a store that is partitioned by device finds the partition of a
 * command by its id; RFC 9562 leaves the use of these bits to the generator. Random are then 56
 * bits, besides time and counter.
 *
 * <p>Threading: any thread.
 */
public final class UuidV7Generator {
  private static final int COUNTERS = 1 << 12;

  private static final Pattern UUID_V7 =
      Pattern.compile(
          "\\p{XDigit}{8}-\\p{XDigit}{4}-7\\p{XDigit}{3}-[89abAB]\\p{XDigit}{3}-\\p{XDigit}{12}");

  private final WallClock clock;
  private final SecureRandom random = new SecureRandom();
  private long millis = Long.MIN_VALUE;
  private int counter;

  /** A generator with a clock of Unix milliseconds. */
  public UuidV7Generator(WallClock clock) {
    this.clock = clock;
  }

  /** The next id, of something that belongs to no device. */
  public String next() {
    return next(random.nextLong());
  }

  /** The next id, of something that belongs to the device. */
  public String next(String device) {
    return next((random.nextLong() & -Device.BUCKETS) | Device.bucketOf(device));
  }

  /**
   * The bucket of the device for which an id was made; empty if the text is no UUIDv7. Ids that
   * were made for no device have one as well, which means nothing.
   */
  public static OptionalInt bucketOf(String id) {
    return UUID_V7.matcher(id).matches()
        ? OptionalInt.of(
            Integer.parseInt(id, id.length() - 2, id.length(), 16) & (Device.BUCKETS - 1))
        : OptionalInt.empty();
  }

  private synchronized String next(long low) {
    advance(clock.wallMillis());
    long high = millis << 16 | 0x7000L | counter;
    return new UUID(high, (low & (Long.MAX_VALUE >>> 1)) | Long.MIN_VALUE).toString();
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

package io.signalbox.hub.store.redis;

import io.signalbox.hub.model.Device;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Names of the keys in Redis: {@code PREFIX:{TAG}:KIND:ID}. The hash tag is the number of a
 * partition in two digits, or {@code global} for what belongs to no device. All keys with one tag
 * are on one server, so one script can change them.
 *
 * <p>The partition of a device follows from its id alone, and is the same for ever: the number of
 * partitions is fixed when the first node starts on an empty Redis. Immutable; safe on any thread.
 *
 * @param prefix distinguishes systems that share a Redis
 * @param partitions a power of two, at most 64
 */
public record RedisKeys(String prefix, int partitions) {
  /** Greatest number of partitions. */
  public static final int MAX_PARTITIONS = Device.BUCKETS;

  private static final String GLOBAL = "global";

  public RedisKeys {
    if (Integer.bitCount(partitions) != 1 || partitions < 1 || partitions > MAX_PARTITIONS) {
      throw new IllegalArgumentException(
          "partitions: expected a power of two from 1 to 64, got " + partitions);
    }
  }

  /** The partition of a device, from 0. */
  public int partitionOf(String device) {
    return Device.bucketOf(device) & partitions - 1;
  }

  /** All partitions. */
  public IntStream all() {
    return IntStream.range(0, partitions);
  }

  /** A key of that kind in every partition, by partition. */
  public Stream<String> inAll(String kind) {
    return all().mapToObj(partition -> in(partition, kind));
  }

  /** The key of that kind of a device, in its partition. */
  public String of(String device, String kind) {
    return in(partitionOf(device), kind) + ':' + device;
  }

  /** A key of a partition. */
  public String in(int partition, String kind) {
    return prefix + (partition < 10 ? ":{0" : ":{") + partition + "}:" + kind;
  }

  /** A key that belongs to no device. */
  public String global(String kind) {
    return prefix + ":{" + GLOBAL + "}:" + kind;
  }
}

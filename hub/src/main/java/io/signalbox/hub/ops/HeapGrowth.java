package io.signalbox.hub.ops;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Optional;

/**
 * Limits the growth of the old generation above the live data. The serial collector alone lets it
 * grow to the maximum heap ({@code -Xmx}) before it collects it: under steady load, where events
 * leave the feed after some seconds and become garbage, a hub with 70 MB of live objects would fill
 * any maximum. No collector option limits that without lowering the maximum, which is needed for
 * peaks.
 *
 * <p>Between two collections the old generation may grow by a quarter of what the last one left,
 * plus {@link #LEAST_GROWTH}: collections are rare, their cost is a fixed share of the allocation
 * cost, and a live heap that really grows is collected a few times on the way.
 *
 * <p>Threading: any thread, one at a time.
 */
public final class HeapGrowth {
  /** Interval of {@link #check}; growth in between comes on top. */
  public static final long CHECK_MS = 1_000;

  /** Bytes; prevents frequent collections of a small heap. */
  private static final long LEAST_GROWTH = 8 << 20;

  /**
   * HotSpot's name of the serial collector's pool; other collectors limit their heaps themselves.
   */
  private static final String OLD_GENERATION = "Tenured Gen";

  private final MemoryPoolMXBean oldGeneration;

  private HeapGrowth(MemoryPoolMXBean oldGeneration) {
    this.oldGeneration = oldGeneration;
  }

  /**
   * The check of this JVM; empty unless its collector is the serial one. Loads management beans,
   * which takes a while: call it on a worker thread.
   */
  public static Optional<HeapGrowth> ofThisJvm() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .filter(pool -> pool.getName().equals(OLD_GENERATION))
        .findFirst()
        .map(HeapGrowth::new);
  }

  /**
   * Collects the heap if it has grown far enough. That stops all threads; otherwise the check costs
   * a microsecond.
   */
  public void check() {
    MemoryUsage afterCollection = oldGeneration.getCollectionUsage();
    if (afterCollection == null) {
      return; // The pool is gone, so the JVM is ending.
    }
    long alive = afterCollection.getUsed();
    if (oldGeneration.getUsage().getUsed() > alive + alive / 4 + LEAST_GROWTH) {
      System.gc();
    }
  }
}

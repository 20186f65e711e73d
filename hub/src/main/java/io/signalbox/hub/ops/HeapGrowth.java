package io.signalbox.hub.ops;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Optional;

/**
 * Collects the old generation before it has grown much above what is alive in it. The serial
 * collector on its own lets it grow up to the maximum of the heap ({@code -Xmx}) before it collects
 * it: under steady load, where events leave the feed after some seconds and what they were made of
 * is garbage by then, a hub with 70 MB of live objects would fill whatever maximum it was given. No
 * option of the collector bounds that without lowering the maximum, which is there for peaks.
 *
 * <p>Between two collections the old generation grows by a quarter of what the last one left, and
 * {@link #LEAST_GROWTH}: collections are rare, their cost is a fixed share of that of making the
 * garbage, and a live heap that really grows is collected a few times on its way.
 *
 * <p>Threading: any thread, one at a time.
 */
public final class HeapGrowth {
  /** How often {@link #check} is to be called: what grows meanwhile comes on top. */
  public static final long CHECK_MS = 1_000;

  /** Bytes; keeps a small heap from being collected for little. */
  private static final long LEAST_GROWTH = 16 << 20;

  /** As HotSpot calls the serial collector's; the others bound their heaps by themselves. */
  private static final String OLD_GENERATION = "Tenured Gen";

  private final MemoryPoolMXBean oldGeneration;

  private HeapGrowth(MemoryPoolMXBean oldGeneration) {
    this.oldGeneration = oldGeneration;
  }

  /**
   * Of this JVM; empty if its collector is not the serial one. Loads management beans, which takes
   * a worker's time.
   */
  public static Optional<HeapGrowth> ofThisJvm() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .filter(pool -> pool.getName().equals(OLD_GENERATION))
        .findFirst()
        .map(HeapGrowth::new);
  }

  /**
   * Collects the heap if it has grown far enough. That stops every thread, whichever calls it;
   * otherwise it costs a microsecond.
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

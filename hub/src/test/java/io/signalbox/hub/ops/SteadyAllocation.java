package io.signalbox.hub.ops;

import java.lang.management.ManagementFactory;

/**
 * A program that keeps 16 MB alive, replaces all of it thirty times, oldest first, and prints by
 * how many MB its heap has grown, the number of full collections, and whether {@link HeapGrowth}
 * was active, which any argument enables.
 */
final class SteadyAllocation {
  private static final int OBJECTS = 16_384;
  private static final int OBJECT_BYTES = 1_000;
  private static final int REPLACED = 30;

  private SteadyAllocation() {}

  public static void main(String[] arguments) {
    HeapGrowth growth = arguments.length == 0 ? null : HeapGrowth.ofThisJvm().orElse(null);
    byte[][] alive = new byte[OBJECTS][];
    long most = 0;
    for (int i = 0; i < REPLACED * OBJECTS; i++) {
      alive[i % OBJECTS] = new byte[OBJECT_BYTES];
      if (i % 256 == 0) {
        most = Math.max(most, Runtime.getRuntime().totalMemory());
        if (growth != null) {
          growth.check();
        }
      }
    }
    // The second collector is that of the whole heap.
    long collections =
        ManagementFactory.getGarbageCollectorMXBeans().getLast().getCollectionCount();
    System.out.printf("%d %d %b%n", most >> 20, collections, growth != null);
  }
}

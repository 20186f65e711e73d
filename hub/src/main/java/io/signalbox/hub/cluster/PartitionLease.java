package io.signalbox.hub.cluster;

import java.util.BitSet;

/**
 * The partitions that a node owns for a time. Immutable after its creation; safe on any thread.
 *
 * @param partitions by number
 * @param until monotonic time until which that holds, ms
 */
record PartitionLease(BitSet partitions, long until) {
  static final PartitionLease NONE = new PartitionLease(new BitSet(), Long.MIN_VALUE);

  /** Whether a partition is owned at that time. */
  boolean has(int partition, long now) {
    return now < until && partitions.get(partition);
  }

  /** Number of partitions that are owned at that time. */
  int size(long now) {
    return now < until ? partitions.cardinality() : 0;
  }
}

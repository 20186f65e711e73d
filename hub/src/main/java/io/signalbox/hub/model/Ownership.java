package io.signalbox.hub.model;

import java.util.function.IntPredicate;

/**
 * Decides which of several nodes does work that one node must do: expiry, retention, the runners of
 * jobs, the rest of deletions. Work belongs to the bucket of its device or job, and a bucket to one
 * node at a time; for a moment two nodes may both own one, so the work must be harmless if it is
 * done twice.
 *
 * @param ownsBucket whether this node owns a bucket now, from 0 to {@link Device#BUCKETS} - 1; any
 *     thread may ask
 */
public record Ownership(IntPredicate ownsBucket) {
  /** Of the only node. */
  public static final Ownership ALL = new Ownership(bucket -> true);

  /** Whether this node does the work of a device or a job. */
  public boolean of(String id) {
    return ownsBucket.test(Device.bucketOf(id));
  }

  /** Whether this node does the work that is not divided. */
  public boolean ofUndivided() {
    return ownsBucket.test(0);
  }
}

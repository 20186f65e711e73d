package io.signalbox.hub.recorder;

import io.vertx.core.Future;
import java.util.List;

/**
 * Store of the flight recorder's entries.
 *
 * <p>Contract: {@link #append} is one atomic step for each device; once it has succeeded its
 * entries are durable and visible to every later call. If it fails, those of some devices may be
 * stored: a caller that appends the same again may have them counted twice. An entry that repeats
 * one of the device's newest {@value #AMONG} (same kind and code, within {@link
 * RecorderEntry.Kind#againMillis} of its last occurrence) is merged into it: the count grows, text,
 * connection, command and node are those of the one that is appended last, and the times span both,
 * because the entries of several nodes come in any order. Only the newest entries of each device
 * are kept. Entries of unregistered devices are dropped silently. The deletion of a device deletes
 * its entries in the same atomic step; entries name a device by its id only, so what was recorded
 * of a deleted device must be appended, and be dropped, before the id is free again. Writes fail
 * with {@code UNAVAILABLE} if the store is not writable.
 *
 * <p>Threading: any thread may call; futures complete on a store thread.
 */
public interface RecorderStore {
  /** Number of a device's newest entries that are searched for a repetition. */
  int AMONG = 32;

  /** Stores entries in the order in which they were recorded. */
  Future<Void> append(List<RecorderEntry> notes);

  /** All entries of a device, by the time of their last occurrence, newest first. */
  Future<List<RecorderEntry>> notes(String device);
}

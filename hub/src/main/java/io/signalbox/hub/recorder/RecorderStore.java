package io.signalbox.hub.recorder;

import io.vertx.core.Future;
import java.util.List;

/**
 * Where the flight recorder's entries are kept.
 *
 * <p>Contract: {@link #append} is one atomic step; what it has succeeded with is durable and seen
 * by every later call. A note that repeats one of the device's newest {@value #AMONG} (same kind
 * and code, within {@link RecorderEntry.Kind#againMillis} of its last) is added to that: its count
 * grows, and text, place, command, node and last are the newer ones. Of each device only the newest
 * notes are kept. Notes of a device that is not registered are let go without a word, and a device
 * that is deleted takes its notes along. When nothing can be written: {@code UNAVAILABLE}.
 *
 * <p>Threading: any thread may call; futures complete on a thread of the store's.
 */
public interface RecorderStore {
  /** Among how many of a device's newest notes one is looked for that is repeated. */
  int AMONG = 32;

  /** Keeps notes, in the order in which they were made. */
  Future<Void> append(List<RecorderEntry> notes);

  /** All that is kept of a device, by the time at which it happened last, newest first. */
  Future<List<RecorderEntry>> notes(String device);
}

package io.signalbox.hub.store.redis;

import io.signalbox.hub.access.ApiKeyChanged;
import io.signalbox.hub.model.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * The streams of events in Redis, one for each partition and one for what belongs to no device. The
 * script that stores a change adds its events to the stream of the partition, so every node reads
 * all changes of a device in the order in which they were stored; {@code publish} in {@code
 * prelude.lua} does it. An entry has the name of the node in field {@code n} and the events in
 * field {@code e}. Safe on any thread.
 */
public final class EventStreams {
  private static final String KIND = "events";

  private final EventCodec codec = new EventCodec();
  private final RedisKeys keys;
  private final String node;
  private final long maxEntries;

  /**
   * The streams as one node writes to them.
   *
   * @param node name of this node
   * @param maxEntries approximate number of entries that a stream keeps
   */
  public EventStreams(RedisKeys keys, String node, long maxEntries) {
    this.keys = keys;
    this.node = node;
    this.maxEntries = maxEntries;
  }

  /** Name of this node, for {@code publish}. */
  public String node() {
    return node;
  }

  /** Approximate number of entries that a stream keeps, for {@code publish}. */
  public long maxEntries() {
    return maxEntries;
  }

  /** The stream of a device's partition. */
  public String of(String device) {
    return in(keys.partitionOf(device));
  }

  /** The stream of a partition. */
  public String in(int partition) {
    return keys.in(partition, KIND);
  }

  /** The stream of events that belong to no device: changes of types and of API keys. */
  public String global() {
    return keys.global(KIND);
  }

  /** All streams: those of the partitions in their order, then the global one. */
  public List<String> all() {
    List<String> all = new ArrayList<>(keys.inAll(KIND).toList());
    all.add(global());
    return all;
  }

  /** The key of the feed's epoch, which belongs to the streams. */
  public String epoch() {
    return keys.global("feed-epoch");
  }

  /** The events as field {@code e} of an entry; empty for none. */
  public byte[] encode(List<? extends Event> events) {
    return codec.encode(events);
  }

  /** The change of an API key as field {@code e} of an entry. */
  public byte[] encode(ApiKeyChanged change) {
    return codec.encode(change);
  }

  /** What field {@code e} of an entry contains; throws a {@link RuntimeException} for damage. */
  public EventCodec.Decoded decode(byte[] events) {
    return codec.decode(events);
  }
}

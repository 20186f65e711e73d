package io.signalbox.hub.store.redis.telemetry;

import io.signalbox.hub.store.redis.RedisKeys;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Names of the store's keys. Immutable; safe on any thread. */
record TelemetryKeys(RedisKeys keys) {
  private static final String OPEN = "open";

  /** String: a token, then the entries that are not in chunks yet. */
  String open(String device) {
    return keys.of(device, OPEN);
  }

  /** Number of characters before the device's id in the name of an open string, plus 1. */
  int idInOpen(int partition) {
    return keys.in(partition, OPEN).length() + 2;
  }

  /**
   * Hash: by metric, field {@code s} with the state and {@code n} with the number of readings in
   * chunks and tails; fields {@code i}, the last id of a chunk, and {@code b}, bytes.
   */
  String series(String device) {
    return keys.of(device, "series");
  }

  /** Hash: by metric, field {@code m} with the tail of the main layer and {@code l} of the late. */
  String tails(String device) {
    return keys.of(device, "tails");
  }

  /** Hash: bodies of full chunks, by id. */
  String bodies(String device) {
    return keys.of(device, "bodies");
  }

  /** Sorted set: heads of the full chunks of a series' main layer, by their ends. */
  String heads(String device, String metric) {
    return keys.of(device, "heads") + '/' + metric;
  }

  /** Sorted set: heads of the full chunks of a series' late layer, by their ends. */
  String late(String device, String metric) {
    return keys.of(device, "late") + '/' + metric;
  }

  /** Sorted set of a partition: devices with an open string, by its age. */
  String opened(int partition) {
    return keys.in(partition, "opened");
  }

  /** Sorted set of a partition: series with chunks or tails, by the end of the oldest. */
  String oldest(int partition) {
    return keys.in(partition, "oldest");
  }

  /** Hash of a partition: bytes, series, and the last token of an open string. */
  String counters(int partition) {
    return keys.in(partition, "telemetry");
  }

  /** String of a partition: the node that looks for what is due. */
  String lease(int partition) {
    return keys.in(partition, "telemetry-lease");
  }

  int partitionOf(String device) {
    return keys.partitionOf(device);
  }

  int partitions() {
    return keys.partitions();
  }

  /** Member of {@link #oldest}; an id has no slash. */
  static String member(String device, String metric) {
    return device + '/' + metric;
  }

  /** The keys that the deletion or the sealing of series needs. */
  List<String> ofSeries(String device, Collection<String> metrics) {
    int partition = partitionOf(device);
    List<String> names = new ArrayList<>(7 + 2 * metrics.size());
    names.add(open(device));
    names.add(series(device));
    names.add(tails(device));
    names.add(bodies(device));
    names.add(opened(partition));
    names.add(oldest(partition));
    names.add(counters(partition));
    for (String metric : metrics) {
      names.add(heads(device, metric));
      names.add(late(device, metric));
    }
    return names;
  }
}

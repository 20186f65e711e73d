package io.signalbox.hub.cluster;

import io.signalbox.hub.store.redis.RedisLink;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The connections of the bridge.
 *
 * @param writing the node's connection, for events of this node
 * @param reading for the entries of other nodes, which may be many
 * @param waiting connections that only wait for entries: one on one Redis; on Redis Cluster one for
 *     each stream
 */
public record BridgeLinks(RedisLink writing, RedisLink reading, List<RedisLink> waiting) {
  /** The numbers of the streams for each waiting connection. */
  List<List<Integer>> groups(int streams) {
    List<Integer> all = IntStream.range(0, streams).boxed().toList();
    if (waiting.size() == 1) {
      return List.of(all);
    }
    if (waiting.size() != streams) {
      throw new IllegalArgumentException(
          "expected 1 or " + streams + " waiting connections, got " + waiting.size());
    }
    return all.stream().map(List::of).toList();
  }
}

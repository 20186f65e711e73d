package io.signalbox.hub.store.redis;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A Redis Cluster of three masters, at first without replicas. */
public final class ThreeNodeCluster implements AutoCloseable {
  private static final int SLOTS = 16_384;

  private final List<RedisServer> nodes = Stream.generate(ThreeNodeCluster::node).limit(3).toList();

  /** Starts the cluster; it serves all slots when this returns. */
  public ThreeNodeCluster() {
    for (int i = 0; i < nodes.size(); i++) {
      String first = "" + SLOTS * i / nodes.size();
      String last = "" + (SLOTS * (i + 1) / nodes.size() - 1);
      nodes.get(i).command("CLUSTER", "ADDSLOTSRANGE", first, last);
      nodes.get(i).command("CLUSTER", "SET-CONFIG-EPOCH", "" + (i + 1));
    }
    for (RedisServer other : nodes.subList(1, nodes.size())) {
      nodes.getFirst().command("CLUSTER", "MEET", "127.0.0.1", "" + other.port());
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> nodes.stream().allMatch(ThreeNodeCluster::isComplete));
  }

  private static RedisServer node() {
    return RedisServer.start("--cluster-enabled", "yes", "--cluster-node-timeout", "1000");
  }

  private static boolean isComplete(RedisServer node) {
    String info = node.command("CLUSTER", "INFO");
    return info.contains("cluster_state:ok") && info.contains("cluster_size:3");
  }

  /** A node, from 0. */
  public RedisServer node(int number) {
    return nodes.get(number);
  }

  /** Adds a replica of a node; it has the node's data when this returns. */
  public RedisServer addReplicaOf(int number) {
    RedisServer replica = node();
    RedisServer master = nodes.get(number);
    replica.command("CLUSTER", "MEET", "127.0.0.1", "" + master.port());
    String id = master.command("CLUSTER", "MYID");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> replica.command("CLUSTER", "REPLICATE", id).equals("OK"));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> replica.command("ROLE").contains("connected"));
    // Its address is in the map of the slots only when the master has heard of it.
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                nodes.stream()
                    .allMatch(
                        node -> node.command("CLUSTER", "SLOTS").contains("" + replica.port())));
    return replica;
  }

  /** Settings of a hub on this cluster. */
  public RedisSettings settings(Duration timeout) {
    String urls = String.join(",", nodes.stream().map(RedisServer::url).toList());
    return new RedisSettings(
        urls, null, null, null, true, null, "written", "signalbox", 16, timeout);
  }

  /** The number of keys on each node. */
  public List<Integer> keysByNode() {
    return IntStream.range(0, nodes.size())
        .mapToObj(i -> Integer.valueOf(nodes.get(i).command("DBSIZE")))
        .toList();
  }

  @Override
  public void close() {
    nodes.forEach(RedisServer::close);
  }
}

package io.signalbox.hub;

import io.signalbox.hub.api.NodeInfo;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.cluster.ClusterNode;
import io.signalbox.hub.fleet.SessionRegistry;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Device;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of the system for the API: those of the cluster, or this one alone.
 *
 * <p>Threading: any thread.
 */
final class NodeList {
  private final String name;
  private final HubClock clock;
  private final SessionRegistry sessions;
  private final @Nullable RedisBackend redis;
  private final long started;

  NodeList(String name, HubClock clock, SessionRegistry sessions, @Nullable RedisBackend redis) {
    this.name = name;
    this.clock = clock;
    this.sessions = sessions;
    this.redis = redis;
    this.started = clock.monotonicMillis();
  }

  /** What this node says of itself to the others: a JSON object. */
  String ofThis() {
    return "{\"version\":%s,\"online\":%d,\"partitions\":%d}"
        .formatted(Json.quoted(HubCommandLine.version()), sessions.online(), partitions());
  }

  private int partitions() {
    return redis == null ? Device.BUCKETS : redis.partitions();
  }

  /** All nodes. */
  List<NodeInfo.Node> all() {
    return redis == null
        ? List.of(
            new NodeInfo.Node(
                name,
                HubCommandLine.version(),
                clock.wallOf(started),
                clock.wallMillis(),
                sessions.online(),
                partitions()))
        : redis.nodes().stream().map(NodeList::node).toList();
  }

  private static NodeInfo.Node node(ClusterNode node) {
    Json.JsonObject info = Json.stored("node " + node.name(), node.info());
    return new NodeInfo.Node(
        node.name(),
        scalar(info, "version").string(),
        node.joined(),
        node.beat(),
        count(info, "online"),
        count(info, "partitions"));
  }

  private static int count(Json.JsonObject info, String name) {
    return Objects.requireNonNull(scalar(info, name).integer(), name).intValue();
  }

  private static Json.Scalar scalar(Json.JsonObject info, String name) {
    return (Json.Scalar) Objects.requireNonNull(info.member(name), name);
  }
}

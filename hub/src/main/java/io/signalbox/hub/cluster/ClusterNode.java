package io.signalbox.hub.cluster;

import io.signalbox.hub.json.Json;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A node of the cluster, as it described itself at its last beat.
 *
 * @param name unique among the nodes
 * @param generation grows with each time that a node joins
 * @param joined Unix milliseconds, by the clock of Redis
 * @param beat when it was last heard of, Unix milliseconds, by the clock of Redis
 * @param info what it says of itself, a JSON object
 */
public record ClusterNode(String name, long generation, long joined, long beat, String info) {
  /** The nodes in a reply of {@code beat.lua}: names and entries in turn. */
  static List<ClusterNode> parseAll(Response reply) {
    List<ClusterNode> nodes = new ArrayList<>(reply.size() / 2);
    for (int i = 0; i < reply.size(); i += 2) {
      nodes.add(parse(reply.get(i).toString(), reply.get(i + 1).toString()));
    }
    return List.copyOf(nodes);
  }

  private static ClusterNode parse(String name, String text) {
    Json.JsonObject entry = Json.stored("node " + name, text);
    return new ClusterNode(
        name,
        number(entry, "generation"),
        number(entry, "joined"),
        number(entry, "beat"),
        ((Json.Scalar) Objects.requireNonNull(entry.member("info"))).string());
  }

  /** Lua writes large numbers with an exponent. */
  private static long number(Json.JsonObject entry, String name) {
    return (long) Double.parseDouble(Objects.requireNonNull(entry.member(name)).toString());
  }
}

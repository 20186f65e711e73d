package io.signalbox.hub.cluster;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisTest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes on one Redis; each has its own link. */
class NodeRegistryTest {
  private final Vertx vertx = Vertx.vertx();
  private final RedisTest redis = new RedisTest();

  private final class Node implements NodeEvents {
    final List<String> lost = new CopyOnWriteArrayList<>();
    final List<String> fenced = new CopyOnWriteArrayList<>();
    final AtomicBoolean refuses = new AtomicBoolean();
    final RedisLink link = redis.link();
    final NodeRegistry registry;

    Node(String name) {
      registry =
          new NodeRegistry(
              vertx, link, redis.keys(), name, HubClock.ofSystem(), () -> "{\"version\":\"1\"}");
    }

    Node joined() {
      answer(registry.join(this));
      return this;
    }

    long owned() {
      return IntStream.range(0, redis.keys().partitions())
          .filter(registry.ownership().ownsBucket())
          .count();
    }

    @Override
    public Future<Void> lost(String node) {
      lost.add(node);
      return refuses.get() ? Future.failedFuture("not now") : Future.succeededFuture();
    }

    @Override
    public Future<Void> fenced() {
      fenced.add("fenced");
      return Future.succeededFuture();
    }
  }

  @AfterEach
  void close() {
    answer(vertx.close());
    redis.close();
  }

  @Test
  void the_only_node_owns_all_partitions() {
    Node north = new Node("north").joined();

    assertThat(north.owned()).isEqualTo(redis.keys().partitions());
    assertThat(north.registry.nodes()).extracting(ClusterNode::name).containsExactly("north");
    assertThat(north.registry.nodes().getFirst().info()).isEqualTo("{\"version\":\"1\"}");
  }

  @Test
  void nodes_divide_the_partitions_and_no_partition_has_two_owners() {
    List<Node> nodes =
        Stream.of("north", "south", "west", "east").map(Node::new).map(Node::joined).toList();

    await().until(() -> nodes.stream().allMatch(node -> node.owned() == 1));
    for (int partition = 0; partition < redis.keys().partitions(); partition++) {
      int bucket = partition;
      assertThat(nodes)
          .filteredOn(node -> node.registry.ownership().ownsBucket().test(bucket))
          .hasSize(1);
    }
  }

  @Test
  void a_node_that_leaves_frees_its_partitions_and_is_not_lost() {
    Node north = new Node("north").joined();
    Node south = new Node("south").joined();
    await().until(() -> south.owned() == 2 && north.owned() == 2);

    answer(north.registry.leave());

    await().until(() -> south.owned() == redis.keys().partitions());
    assertThat(north.owned()).isZero();
    assertThat(south.lost).isEmpty();
    assertThat(south.registry.nodes()).extracting(ClusterNode::name).containsExactly("south");
  }

  @Test
  void a_node_that_stops_beating_is_taken_over_by_one_other_until_that_has_succeeded() {
    Node north = new Node("north").joined();
    Node south = new Node("south").joined();
    Node west = new Node("west").joined();
    south.refuses.set(true);
    west.refuses.set(true);

    answer(north.link.close());
    await().until(() -> south.lost.size() + west.lost.size() > 1);
    south.refuses.set(false);
    west.refuses.set(false);

    assertThat(south.lost.isEmpty() || west.lost.isEmpty()).isTrue();
    await().until(() -> south.owned() + west.owned() == redis.keys().partitions());
    await().until(() -> south.registry.nodes().size() == 2 && west.registry.nodes().size() == 2);
    assertThat(north.owned()).isZero();
    Node again = new Node("north").joined();
    await().until(() -> again.owned() == 2 && south.owned() == 1 && west.owned() == 1);
  }

  @Test
  void a_name_is_refused_while_another_node_has_it() {
    new Node("north").joined();

    assertThat(refusal(new Node("north").registry.join(new Node("unused"))).kind())
        .isEqualTo(ErrorCode.CONFLICT);
  }

  @Test
  void a_node_that_was_taken_for_lost_gives_up_and_joins_anew() {
    Node north = new Node("north").joined();
    long before = north.registry.nodes().getFirst().generation();

    answer(
        north.link.send(Request.cmd(Command.HDEL).arg(redis.keys().global("nodes")).arg("north")));

    await().until(() -> north.fenced.size() == 1);
    await().until(() -> north.owned() == redis.keys().partitions());
    assertThat(north.registry.nodes().getFirst().generation()).isGreaterThan(before);
  }
}

package io.signalbox.hub.store.redis;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.store.Results;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A master with a replica that Sentinels watch, and a cluster of several masters. */
class RedisTopologyTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final Duration FAILOVER = Duration.ofSeconds(60);
  private static final RedisScript INCREMENT = script("return redis.call('INCR', KEYS[1])");

  private final Vertx vertx = Vertx.vertx();

  private final List<RedisLink> links = new ArrayList<>();

  @AfterEach
  void close() {
    links.forEach(link -> answer(link.close()));
    answer(vertx.close());
  }

  @Test
  void after_a_failover_a_link_finds_the_new_master_through_sentinel() {
    try (RedisServer master = RedisServer.start();
        RedisServer replica = replicaOf(master);
        RedisServer sentinel = RedisServer.sentinel("alpha", master)) {
      RedisLink link = open(sentinels("alpha", sentinel));
      assertThat(increment(link, "n")).isEqualTo(1);
      await().atMost(FAILOVER).until(() -> sentinel.knowsReplicas("alpha") == 1);
      await().atMost(FAILOVER).until(() -> replica.command("GET", "n").equals("1"));

      master.kill();
      await().until(() -> link.trouble() != null);
      await().atMost(FAILOVER).until(() -> link.trouble() == null);

      assertThat(increment(link, "n")).isEqualTo(2);
      assertThat(replica.command("GET", "n")).isEqualTo("2");
    }
  }

  @Test
  void a_master_that_has_become_a_replica_is_left_for_the_new_one() {
    try (RedisServer master = RedisServer.start();
        RedisServer replica = replicaOf(master);
        RedisServer sentinel = RedisServer.sentinel("beta", master)) {
      RedisLink link = open(sentinels("beta", sentinel));
      increment(link, "n");
      await().atMost(FAILOVER).until(() -> sentinel.knowsReplicas("beta") == 1);
      await().atMost(FAILOVER).until(() -> replica.command("GET", "n").equals("1"));

      // A Sentinel refuses until it has heard from the replica often enough.
      await()
          .atMost(FAILOVER)
          .until(() -> sentinel.command("SENTINEL", "FAILOVER", "beta").equals("OK"));
      await().atMost(FAILOVER).until(() -> master.command("ROLE").startsWith("slave"));

      await()
          .atMost(FAILOVER)
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(increment(link, "n")).isGreaterThan(1));
      assertThat(replica.command("ROLE")).startsWith("master");
      assertThat(link.metrics().reconnects()).isPositive();
    }
  }

  @Test
  void writes_that_too_few_replicas_have_are_unavailable() {
    try (RedisServer master = RedisServer.start();
        RedisServer replica = replicaOf(master)) {
      RedisLink link = open(replicated(master));
      await().atMost(FAILOVER).ignoreExceptions().until(() -> increment(link, "first") > 0);
      List<Long> counts =
          IntStream.range(0, 100).mapToObj(i -> link.run(INCREMENT, List.of("n"))).toList().stream()
              .map(one -> answer(one).toLong())
              .toList();
      assertThat(counts).hasSize(100).isSorted().endsWith(100L);
      assertThat(replica.command("GET", "n")).isEqualTo("100");

      replica.suspend();
      assertThat(refusal(link)).contains("too few replicas");
      assertThat(link.trouble()).contains("too few replicas");
      replica.resume();

      await()
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(increment(link, "n")).isGreaterThan(101));
    }
  }

  @Test
  void scripts_run_on_the_node_of_their_partition() {
    try (ThreeNodeCluster cluster = new ThreeNodeCluster()) {
      RedisLink link = open(cluster.settings(TIMEOUT));
      RedisKeys keys = new RedisKeys("test", RedisKeys.MAX_PARTITIONS);

      for (long round = 1; round <= 3; round++) {
        long expected = round;
        assertThat(keys.inAll("n").map(key -> increment(link, key)))
            .hasSize(RedisKeys.MAX_PARTITIONS)
            .containsOnly(expected);
      }

      assertThat(cluster.keysByNode()).hasSize(3).allMatch(count -> count > 0);
      assertThat(link.metrics().failures(RedisFailure.ERROR)).isZero();
    }
  }

  @Test
  void a_cluster_whose_node_was_killed_can_be_used_again_when_it_is_back() {
    try (ThreeNodeCluster cluster = new ThreeNodeCluster()) {
      RedisLink link = open(cluster.settings(TIMEOUT));
      RedisKeys keys = new RedisKeys("test", RedisKeys.MAX_PARTITIONS);
      keys.inAll("n").forEach(key -> increment(link, key));

      cluster.node(1).kill();
      await().until(() -> link.trouble() != null);
      cluster.node(1).restart();

      await().atMost(FAILOVER).until(() -> link.trouble() == null);
      await()
          .atMost(FAILOVER)
          .ignoreExceptions()
          .untilAsserted(
              () -> assertThat(keys.inAll("n").map(key -> increment(link, key))).hasSize(64));
    }
  }

  @Test
  void a_replica_of_a_cluster_that_was_killed_disturbs_nothing() {
    try (ThreeNodeCluster cluster = new ThreeNodeCluster();
        RedisServer replica = cluster.addReplicaOf(0)) {
      RedisLink link = open(cluster.settings(TIMEOUT));
      RedisKeys keys = new RedisKeys("test", RedisKeys.MAX_PARTITIONS);
      String before = replica.command("CLIENT", "LIST", "TYPE", "normal");
      assertThat(before.lines().count()).as("redis-cli and the link").isEqualTo(2);

      replica.kill();

      await()
          .during(Duration.ofMillis(500))
          .until(() -> keys.inAll("n").allMatch(key -> increment(link, key) > 0));
      assertThat(link.trouble()).isNull();
      assertThat(link.metrics().reconnects()).isZero();
    }
  }

  @Test
  void the_replica_of_a_node_that_was_killed_takes_over() {
    try (ThreeNodeCluster cluster = new ThreeNodeCluster();
        RedisServer replica = cluster.addReplicaOf(0)) {
      RedisLink link = open(cluster.settings(TIMEOUT));
      RedisKeys keys = new RedisKeys("test", RedisKeys.MAX_PARTITIONS);
      keys.inAll("n").forEach(key -> increment(link, key));

      cluster.node(0).kill();

      await().until(() -> link.trouble() != null);
      await().atMost(FAILOVER).until(() -> replica.command("ROLE").startsWith("master"));
      await().atMost(FAILOVER).until(() -> link.trouble() == null);
      assertThat(keys.inAll("n").map(key -> increment(link, key))).hasSize(64);
    }
  }

  private RedisLink open(RedisSettings settings) {
    RedisLink link = answer(RedisLink.open(vertx, settings));
    links.add(link);
    return link;
  }

  private static String refusal(RedisLink link) {
    return Results.refusal(link.run(INCREMENT, List.of("n"))).detail();
  }

  private static RedisServer replicaOf(RedisServer master) {
    RedisServer replica = RedisServer.start("--replicaof", "127.0.0.1 " + master.port());
    await().atMost(FAILOVER).until(() -> replica.command("ROLE").contains("connected"));
    return replica;
  }

  private static RedisSettings sentinels(String name, RedisServer sentinel) {
    return new RedisSettings(
        sentinel.url(), null, null, name, false, null, "written", "signalbox", 16, TIMEOUT);
  }

  private static RedisSettings replicated(RedisServer master) {
    return new RedisSettings(
        master.url(),
        null,
        null,
        null,
        false,
        null,
        "replicated:1",
        "signalbox",
        16,
        TIMEOUT.multipliedBy(4));
  }

  private static long increment(RedisLink link, String key) {
    return answer(link.run(INCREMENT, List.of(key))).toLong();
  }

  private static RedisScript script(String text) {
    return new RedisScript("test.lua", text, RedisScript.sha1(text));
  }
}

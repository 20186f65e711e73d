package io.signalbox.hub.cluster;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.feed.FeedRecorder;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisLink;
import io.signalbox.hub.store.redis.RedisServer;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bridge while connections end and Redis goes away. */
@Timeout(120)
class EventBridgeRecoveryTest {
  private final RedisServer server = RedisServer.start();
  private final RedisKeys keys = new RedisKeys("recovery", 4);
  private final BridgedNode north = new BridgedNode("north", keys, server.url());
  private final BridgedNode south = new BridgedNode("south", keys, server.url());
  private final FeedRecorder atNorth = new FeedRecorder(north.feed, null);
  private final FeedRecorder atSouth = new FeedRecorder(south.feed, null);

  @AfterEach
  void close() {
    north.close();
    south.close();
    server.close();
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(40)).pollInterval(Duration.ofMillis(5));
  }

  private static Event.PresenceChanged online(String device, long session) {
    return new Event.PresenceChanged(
        device,
        new Presence(
            Presence.State.ONLINE, session, null, Transport.WEBSOCKET, session, "::1", null, null));
  }

  private static Event updated(String device, int number) {
    return new Event.DeviceChanged(
        device, Event.Change.UPDATED, Map.of("number", Integer.toString(number)));
  }

  /**
   * Stores until the outcome is known; what Redis has executed without an answer is there twice.
   */
  private void storeSurely(BridgedNode node, int number) {
    boolean stored = false;
    while (!stored) {
      try {
        node.store("d" + number % 5, updated("d" + number % 5, number));
        stored = true;
      } catch (Refusal away) {
        Thread.onSpinWait();
      }
    }
  }

  private List<Integer> numbersHeard(BridgedNode node, int device) {
    return List.copyOf(node.heard).stream()
        .filter(Event.DeviceChanged.class::isInstance)
        .map(Event.DeviceChanged.class::cast)
        .filter(event -> event.device().equals("d" + device))
        .map(event -> Integer.parseInt(event.labels().get("number")))
        .distinct()
        .toList();
  }

  private void assertHeardAll(int events) {
    for (int device = 0; device < 5; device++) {
      int of = device;
      await().untilAsserted(() -> assertThat(numbersHeard(south, of)).hasSize(events / 5));
      assertThat(numbersHeard(south, device)).isSorted();
    }
    assertThat(south.gaps).hasValue(0);
    assertThat(atSouth.hasGap()).isFalse();
    await().untilAsserted(() -> assertThat(atSouth.read()).isEqualTo(atNorth.read()));
    assertThat(atNorth.read().size()).isGreaterThanOrEqualTo(events);
  }

  @Test
  void no_event_is_missed_while_connections_are_killed() {
    Vertx vertx = Vertx.vertx();
    RedisLink killer = answer(RedisLink.open(vertx, server.url()));
    Request kill = Request.cmd(Command.CLIENT).arg("KILL").arg("TYPE").arg("normal");
    AtomicInteger written = new AtomicInteger();
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 500; i++) {
                storeSurely(north, i);
                written.incrementAndGet();
              }
            });
    for (int at = 100; at < 500; at += 100) {
      int end = at;
      await().until(() -> written.get() > end || writing.isDone());
      await().until(() -> connections(killer) > 4); // those killed before are back
      assertThat(answer(killer.send(kill)).toInteger()).isGreaterThan(2);
    }
    writing.join();
    assertHeardAll(500);
    answer(vertx.close());
  }

  private static long connections(RedisLink link) {
    Request list = Request.cmd(Command.CLIENT).arg("LIST").arg("TYPE").arg("normal");
    return answer(link.send(list)).toString().lines().count();
  }

  @Test
  void both_nodes_read_on_when_a_killed_redis_is_back() throws Exception {
    String epoch = north.feed.epoch();
    for (int i = 0; i < 50; i++) {
      storeSurely(north, i);
    }
    await().untilAsserted(() -> assertThat(numbersHeard(south, 0)).hasSize(10));
    server.kill();
    await().until(() -> !north.bridge.isConnected() && !south.bridge.isConnected());
    north.topics.presence().publish(online("p", 1));
    north.topics.presence().publish(online("p", 2));
    server.restart();
    for (int i = 50; i < 100; i++) {
      storeSurely(north, i);
    }
    await().until(() -> south.heard.contains(online("p", 2)));
    assertThat(south.heard.indexOf(online("p", 1))).isLessThan(south.heard.indexOf(online("p", 2)));
    assertHeardAll(100);
    assertThat(north.feed.epoch()).isEqualTo(epoch);
    assertThat(south.bridge.isConnected()).isTrue();
  }

  @Test
  void readers_of_an_emptied_redis_are_reset() throws Exception {
    for (int i = 0; i < 10; i++) {
      storeSurely(north, i);
    }
    await().until(() -> atSouth.read().size() == 10);
    String epoch = south.feed.epoch();
    answer(north.link.send(Request.cmd(Command.FLUSHALL)));
    server.kill();
    server.restart();
    await().until(() -> !south.feed.epoch().equals(epoch) && atSouth.hasGap());
    await().until(() -> north.feed.epoch().equals(south.feed.epoch()));
    FeedRecorder again = new FeedRecorder(south.feed, atSouth.cursor());
    assertThat(again.read()).containsExactly(FeedRecorder.RESET);
    storeSurely(north, 11);
    await().until(() -> again.read().size() == 2);
  }
}

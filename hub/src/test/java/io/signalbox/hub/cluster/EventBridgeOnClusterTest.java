package io.signalbox.hub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.feed.FeedRecorder;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.store.redis.RedisKeys;
import io.signalbox.hub.store.redis.RedisSettings;
import io.signalbox.hub.store.redis.ThreeNodeCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bridge on a Redis Cluster, whose nodes have the streams of different partitions. */
@Timeout(300)
class EventBridgeOnClusterTest {
  private static final int PARTITIONS = 8;

  private final ThreeNodeCluster redis = new ThreeNodeCluster();
  private final RedisKeys keys = new RedisKeys("bridge", PARTITIONS);
  private final BridgedNode north = node("north");
  private final BridgedNode south = node("south");
  private final FeedRecorder atNorth = new FeedRecorder(north.feed, null);
  private final FeedRecorder atSouth = new FeedRecorder(south.feed, null);

  private BridgedNode node(String name) {
    RedisSettings settings = redis.settings(Duration.ofSeconds(5));
    return new BridgedNode(name, keys, settings, PARTITIONS + 1);
  }

  @AfterEach
  void close() {
    north.close();
    south.close();
    redis.close();
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(10));
  }

  private static List<Event> write(BridgedNode node, int from, int count) {
    List<Event> written = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      String device = "d" + i;
      Map<String, String> labels = Map.of("number", Integer.toString(i));
      written.add(new Event.DeviceChanged(device, Event.Change.CREATED, labels));
      store(node, device, written.getLast());
    }
    return written;
  }

  private static void store(BridgedNode node, String device, Event event) {
    boolean stored = false;
    while (!stored) {
      try {
        node.store(device, event);
        stored = true;
      } catch (Refusal away) {
        Thread.onSpinWait();
      }
    }
  }

  private void assertBothHave(int events) {
    await().untilAsserted(() -> assertThat(atNorth.read().size()).isEqualTo(events));
    await().untilAsserted(() -> assertThat(atSouth.read().size()).isEqualTo(events));
    assertThat(atSouth.read()).isEqualTo(atNorth.read());
  }

  @Test
  void both_feeds_have_one_order_also_after_a_server_was_away() throws Exception {
    List<Event> written = new ArrayList<>(write(north, 0, 100));
    written.addAll(write(south, 100, 100));
    assertBothHave(200);
    redis.node(1).kill();
    await().until(() -> !north.bridge.isConnected() && !south.bridge.isConnected());
    redis.node(1).restart();
    await().until(() -> north.bridge.isConnected() && south.bridge.isConnected());
    written.addAll(write(north, 200, 100));
    await().untilAsserted(() -> assertThat(atSouth.read().size()).isGreaterThanOrEqualTo(300));
    await().untilAsserted(() -> assertThat(atSouth.read()).isEqualTo(atNorth.read()));
    assertThat(south.heard)
        .containsAll(written.subList(0, 100))
        .containsAll(written.subList(200, 300));
    assertThat(north.heard).containsAll(written.subList(100, 200));
    assertThat(south.gaps).hasValue(0);
    assertThat(atSouth.hasGap()).isFalse();
  }
}

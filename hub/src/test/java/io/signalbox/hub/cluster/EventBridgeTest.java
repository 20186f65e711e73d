package io.signalbox.hub.cluster;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.access.ApiKeyChanged;
import io.signalbox.hub.feed.FeedRecorder;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.store.redis.RedisServer;
import io.signalbox.hub.store.redis.RedisSettings;
import io.signalbox.hub.store.redis.RedisTest;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes on one Redis: their topics and feeds have the events of both. */
@Timeout(120)
class EventBridgeTest {
  private final RedisTest redis = new RedisTest();
  private final List<BridgedNode> nodes = new ArrayList<>();
  private final BridgedNode north = node("north");
  private final BridgedNode south = node("south");
  private final FeedRecorder atNorth = new FeedRecorder(north.feed, null);
  private final FeedRecorder atSouth = new FeedRecorder(south.feed, null);

  private BridgedNode node(String name) {
    BridgedNode node = new BridgedNode(name, redis.keys(), RedisServer.shared().url());
    nodes.add(node);
    return node;
  }

  @AfterEach
  void close() {
    nodes.forEach(BridgedNode::close);
    redis.close();
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(5));
  }

  private static Event.DeviceChanged updated(String device, int number) {
    Map<String, String> labels = Map.of("number", Integer.toString(number));
    return new Event.DeviceChanged(device, Event.Change.UPDATED, labels);
  }

  private static Event.PresenceChanged online(String device, long session) {
    return new Event.PresenceChanged(
        device,
        new Presence(
            Presence.State.ONLINE, session, null, Transport.WEBSOCKET, session, "::1", null, null));
  }

  private static TelemetryBatch readings(String device, int... times) {
    List<TelemetryMessage> messages = new ArrayList<>();
    for (int time : times) {
      Reading reading = new Reading("n", time, new Value.Num(time));
      messages.add(new TelemetryMessage(device, List.of(reading)));
    }
    return new TelemetryBatch(messages, times.length);
  }

  private static void awaitEvents(FeedRecorder client, int count) {
    await().untilAsserted(() -> assertThat(client.read().size()).isEqualTo(count));
  }

  @Test
  void an_event_of_a_script_reaches_the_other_node_s_topic_and_both_feeds() {
    Event event = updated("a", 1);
    north.store("a", event, updated("a", 2));
    awaitEvents(atNorth, 2);
    awaitEvents(atSouth, 2);
    assertThat(atSouth.read()).isEqualTo(atNorth.read());
    assertThat(south.heard).containsExactly(event, updated("a", 2));
    assertThat(north.heard).isEmpty();
  }

  @Test
  void readings_are_in_the_feed_only() {
    north.store("a", readings("a", 1, 2, 3));
    awaitEvents(atNorth, 3);
    awaitEvents(atSouth, 3);
    assertThat(south.heard).isEmpty();
  }

  @Test
  void presence_and_jobs_are_sent_once_and_not_sent_back() {
    north.topics.presence().publish(online("a", 1));
    north.topics.presence().publish(online("b", 1));
    awaitEvents(atNorth, 2);
    awaitEvents(atSouth, 2);
    south.topics.presence().publish(online("a", 2));
    awaitEvents(atNorth, 3);
    awaitEvents(atSouth, 3);
    assertThat(south.heard).hasSize(3).contains(online("b", 1)).endsWith(online("a", 2));
    assertThat(north.heard).hasSize(3).endsWith(online("a", 2));
    north.store("z", updated("z", 1));
    awaitEvents(atNorth, 4);
    assertThat(north.bridge.entries()).isEqualTo(4);
  }

  @Test
  void the_change_of_an_api_key_reaches_the_other_node() {
    Request request =
        Request.cmd(Command.XADD)
            .arg(north.streams.global())
            .arg("*")
            .arg("n")
            .arg("north")
            .arg("e")
            .arg(north.streams.encode(new ApiKeyChanged("k1")));
    answer(north.link.send(request));
    await().until(() -> south.heard.contains(new ApiKeyChanged("k1")));
    assertThat(north.heard).isEmpty();
  }

  private void write(BridgedNode node, int from, int count) {
    for (int i = from; i < from + count; i++) {
      String device = "d" + i % 7;
      if (i % 3 == 0) {
        node.topics.presence().publish(online(device, i));
      } else {
        node.store(device, updated(device, i), readings(device, i, i + 1));
      }
    }
  }

  @Test
  void both_feeds_have_all_events_in_one_order() {
    CompletableFuture<Void> other = CompletableFuture.runAsync(() -> write(south, 1_000, 300));
    write(north, 0, 300);
    other.join();
    int events = 2 * (100 + 200 * 3);
    awaitEvents(atNorth, events);
    awaitEvents(atSouth, events);
    assertThat(atSouth.read()).isEqualTo(atNorth.read());
    assertThat(sessions(south.heard, "d0", 0, 1_000)).isSorted().hasSize(15);
    assertThat(north.gaps).hasValue(0);
    assertThat(atNorth.hasGap()).isFalse();
  }

  private static boolean atTheEnd(BridgedNode node, FeedRecorder client) {
    return new FeedRecorder(node.feed, client.cursor()).read().isEmpty();
  }

  @Test
  void streams_that_are_read_one_by_one_have_the_same_order() {
    int streams = north.streams.all().size();
    RedisSettings settings = RedisSettings.of(RedisServer.shared().url());
    BridgedNode spread = new BridgedNode("spread", redis.keys(), settings, streams);
    nodes.add(spread);
    FeedRecorder atSpread = new FeedRecorder(spread.feed, null);
    CompletableFuture<Void> other = CompletableFuture.runAsync(() -> write(spread, 1_000, 300));
    write(north, 0, 300);
    other.join();
    int events = 2 * (100 + 200 * 3);
    awaitEvents(atNorth, events);
    awaitEvents(atSpread, events);
    assertThat(atSpread.read()).isEqualTo(atNorth.read());
  }

  private static List<Long> sessions(List<Object> heard, String device, long from, long to) {
    return heard.stream()
        .filter(Event.PresenceChanged.class::isInstance)
        .map(Event.PresenceChanged.class::cast)
        .filter(event -> event.device().equals(device))
        .map(event -> event.presence().session())
        .filter(session -> session >= from && session < to)
        .toList();
  }

  @Test
  void a_cursor_of_one_node_resumes_exactly_on_the_other() {
    FeedRecorder slow = new FeedRecorder(north.feed, null);
    CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(north, 0, 200));
    List<String> cursors = new ArrayList<>(List.of(slow.cursor()));
    int events = 67 + 133 * 3;
    while (cursors.size() <= events) {
      if (slow.read(1).size() == cursors.size()) {
        cursors.add(slow.cursor());
        // May be ahead of the other node.
        assertThat(new FeedRecorder(south.feed, slow.cursor()).read())
            .doesNotContain(FeedRecorder.RESET);
      }
    }
    writing.join();
    awaitEvents(atSouth, events);
    List<String> all = atSouth.read();
    for (int i = 0; i <= events; i += 7) {
      assertThat(new FeedRecorder(south.feed, cursors.get(i)).read())
          .isEqualTo(all.subList(i, all.size()));
    }
  }

  @Test
  void a_node_that_starts_has_the_newest_entries() {
    FeedRecorder slow = new FeedRecorder(north.feed, null);
    write(north, 0, 60);
    awaitEvents(atNorth, 20 + 40 * 3);
    slow.read(50);
    BridgedNode west = node("west");
    FeedRecorder moved = new FeedRecorder(west.feed, slow.cursor());
    awaitEvents(moved, 90);
    assertThat(moved.read()).isEqualTo(atNorth.read().subList(50, 140));
    assertThat(west.heard).isEmpty();
  }

  @Test
  void a_stream_that_was_trimmed_beyond_a_node_resets_its_clients() {
    north.store("a", updated("a", 1));
    awaitEvents(atSouth, 1);
    String script =
        "local millis = redis.call('TIME')[1] * 1000 + 1000 for i = 1, 300 do"
            + " redis.call('XADD', KEYS[1], millis + i .. '-0', 'n', 'west', 'e', ARGV[1]) end"
            + " return redis.call('XTRIM', KEYS[1], 'MAXLEN', 5)";
    Request request =
        Request.cmd(Command.EVAL)
            .arg(script)
            .arg(1)
            .arg(north.streams.of("a"))
            .arg(north.streams.encode(List.of(updated("a", 2))));
    String epoch = north.feed.epoch();
    answer(north.link.send(request));
    await().until(() -> south.gaps.get() == 1 && north.gaps.get() == 1);
    await().until(atSouth::hasGap);
    // Those of the first millisecond may be incomplete.
    await().untilAsserted(() -> assertThat(south.heard).hasSize(1 + 4));
    assertThat(new FeedRecorder(south.feed, atSouth.cursor()).read())
        .containsExactly(FeedRecorder.RESET);
    assertThat(south.feed.epoch()).isEqualTo(epoch);
    south.store("a", updated("a", 3));
    await().untilAsserted(() -> assertThat(north.heard).contains(updated("a", 3)));
  }

  @Test
  void streams_that_were_lost_begin_a_new_epoch_on_all_nodes() {
    write(north, 0, 30);
    awaitEvents(atNorth, 70);
    awaitEvents(atSouth, 70);
    String epoch = north.feed.epoch();
    Request lost = Request.cmd(Command.DEL).arg(north.streams.epoch());
    north.streams.all().forEach(lost::arg);
    answer(north.link.send(lost));
    await().until(() -> !north.feed.epoch().equals(epoch) && atNorth.hasGap());
    await().until(() -> south.feed.epoch().equals(north.feed.epoch()) && atSouth.hasGap());
    FeedRecorder again = new FeedRecorder(south.feed, atSouth.cursor());
    assertThat(again.read()).containsExactly(FeedRecorder.RESET);
    north.store("a", updated("a", 1));
    awaitEvents(again, 2);
    assertThat(south.heard).endsWith(updated("a", 1));
  }

  @Test
  void an_entry_that_comes_late_is_delivered_in_a_new_epoch() {
    long now = System.currentTimeMillis();
    String first = "a";
    String second = "b";
    assertThat(north.streams.of(second)).isNotEqualTo(north.streams.of(first));
    north.add(now - 10 + "-0", first, updated(first, 1));
    awaitEvents(atNorth, 1);
    awaitEvents(atSouth, 1);
    String epoch = north.feed.epoch();
    north.add(now - 500 + "-0", second, updated(second, 2));
    await().until(() -> south.heard.contains(updated(second, 2)));
    await().until(() -> !south.feed.epoch().equals(epoch));
    await().until(() -> north.feed.epoch().equals(south.feed.epoch()));
    FeedRecorder again = new FeedRecorder(north.feed, atNorth.cursor());
    north.add("*", first, updated(first, 3));
    await().until(() -> again.read().size() > 1 && atTheEnd(south, again));
    assertThat(again.read().getFirst()).isEqualTo(FeedRecorder.RESET);
  }
}

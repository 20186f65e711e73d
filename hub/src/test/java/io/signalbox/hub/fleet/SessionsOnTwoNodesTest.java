package io.signalbox.hub.fleet;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.model.Event.PresenceChanged;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Presence.Flapping;
import io.signalbox.hub.model.Presence.State;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.SessionEnd.Replaced;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.store.FleetStores;
import io.signalbox.hub.store.sqlite.SqliteFleet;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes on one store. The events of each reach the other when the test says so, as they will
 * over a bridge between the nodes' topics.
 */
@SuppressWarnings("NullAway.Init") // set before each test
class SessionsOnTwoNodesTest {
  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final ManualClock clock = new ManualClock(1_000_000);
  private SqliteFleet fleet;
  private Node north;
  private Node south;

  /** A node with its own registry, index and topic. */
  private final class Node {
    final Topic<PresenceChanged> topic;
    final SessionRegistry sessions;
    final Queue<PresenceChanged> sent = new ArrayDeque<>();
    final List<SessionEnd> evictions = new ArrayList<>();
    private boolean receives;

    Node(String name) {
      topic = Topic.of(vertx, "presence of " + name);
      sessions =
          new SessionRegistry(
              fleet.stores().sessions(), topic, name, FleetSettings.standard(), clock);
      topic.listen(this::published);
    }

    private void published(PresenceChanged change) {
      if (!receives) {
        sent.add(change);
      }
    }

    void receive(PresenceChanged change) {
      receives = true;
      topic.publish(change);
      receives = false;
    }

    Future<Session> opening(String address) {
      return opening(address, Transport.WEBSOCKET);
    }

    Future<Session> opening(String address, Transport transport) {
      clock.addAndGet(100);
      return sessions.open("a", transport, address, evictions::add);
    }

    Session open(String address) {
      return answer(opening(address));
    }

    Presence presence() {
      return sessions.presence().of("a");
    }
  }

  @BeforeEach
  void open() {
    fleet = new SqliteFleet(directory);
    FleetStores stores = fleet.stores();
    stores.insert("a");
    north = new Node("north");
    south = new Node("south");
    answer(north.sessions.start());
    answer(south.sessions.start());
  }

  @AfterEach
  void close() {
    fleet.close();
    answer(vertx.close());
  }

  /** Passes all events on to the other node. */
  private void exchange() {
    while (!north.sent.isEmpty() || !south.sent.isEmpty()) {
      pass(north, south);
      pass(south, north);
    }
  }

  private static void pass(Node from, Node to) {
    while (!from.sent.isEmpty()) {
      to.receive(from.sent.remove());
    }
  }

  @Test
  void every_node_sees_the_presence_of_a_session_on_another() {
    Session session = north.open("10.0.0.7");
    exchange();
    assertThat(south.presence()).isEqualTo(north.presence());
    assertThat(south.presence().state()).isEqualTo(State.ONLINE);
    assertThat(south.sessions.session("a")).isNull();
    assertThat(south.sessions.online()).isZero();

    north.sessions.close(session, Cause.LOST);
    exchange();

    assertThat(south.presence()).isEqualTo(north.presence());
    assertThat(south.presence().cause()).isEqualTo("lost");
  }

  @Test
  void an_upload_finds_a_session_of_another_node_before_its_event() {
    Session held = north.open("10.0.0.7");
    Session found = answer(south.sessions.openIfAbsent("a", "10.0.0.7", south.evictions::add));
    exchange();
    assertThat(found).isEqualTo(held);
    assertThat(north.evictions).isEmpty();
    assertThat(south.presence().state()).isEqualTo(State.ONLINE);
  }

  @Test
  void polls_from_one_host_that_reach_the_nodes_in_turn_are_no_contest() {
    for (int i = 0; i < 14; i++) {
      answer((i % 2 == 0 ? north : south).opening("10.0.0.7:" + i, Transport.HTTP));
      exchange();
    }
    assertThat(north.presence().flapping()).isNull();
  }

  @Test
  void a_late_event_of_a_lost_node_does_not_revive_a_session_that_has_ended() {
    Session poller = answer(north.opening("10.0.0.7", Transport.HTTP));
    exchange();
    north.sessions.markAsleep(poller, clock.wallMillis() + 1_000);
    answer(south.sessions.takeOver("north", Cause.NODE_LOST));
    pass(north, south);
    assertThat(south.presence().cause()).isEqualTo("node-lost");
  }

  @Test
  void a_session_that_is_claimed_on_another_node_is_evicted_here() {
    Session displaced = north.open("10.0.0.7");
    Session newer = south.open("10.0.0.9");
    exchange();

    assertThat(north.evictions).containsExactly(new Replaced("10.0.0.9", 0));
    assertThat(north.sessions.isCurrent(displaced)).isFalse();
    assertThat(north.sessions.online()).isZero();
    assertThat(north.presence().session()).isEqualTo(newer.epoch());
    north.sessions.close(displaced, Cause.CLOSED);
    assertThat(north.presence().state()).isEqualTo(State.ONLINE);
    assertThat(south.evictions).isEmpty();
    assertThat(south.sessions.isCurrent(newer)).isTrue();
  }

  @Test
  void a_late_event_of_a_displaced_session_evicts_nobody() {
    north.open("10.0.0.7");
    Session newer = south.open("10.0.0.9");
    pass(north, south);

    assertThat(south.evictions).isEmpty();
    assertThat(south.presence().session()).isEqualTo(newer.epoch());
  }

  @Test
  void two_devices_that_displace_each_other_on_two_nodes_are_slowed() {
    int claims = 0;
    Future<Session> opening;
    do {
      boolean even = claims % 2 == 0;
      opening = takeOver(even ? north : south, even ? south : north);
      claims++;
    } while (opening.succeeded());

    Refusal refusal = refusal(opening);
    assertThat(claims).isEqualTo(8);
    assertThat(refusal.kind()).isEqualTo(Refusal.ErrorCode.RATE_LIMITED);
    assertThat(refusal.detail()).startsWith("device a is held by north:1;");
    assertThat(north.sessions.session("a")).isNotNull();
    clock.addAndGet(refusal.retryAfter() * 1_000L);
    assertThat(south.open("south:1")).isEqualTo(south.sessions.session("a"));
  }

  /** Claims the id on a node; the displaced device answers its eviction. */
  private Future<Session> takeOver(Node node, Node other) {
    Session displaced = other.sessions.session("a");
    Future<Session> opening = node.opening(node == north ? "north:1" : "south:1");
    answer(opening.otherwiseEmpty());
    exchange();
    if (displaced != null && opening.succeeded()) {
      other.sessions.confirmAlive(displaced);
      exchange();
    }
    return opening;
  }

  @Test
  void a_contest_is_between_the_sessions_that_claims_displace_even_if_no_event_has_come() {
    for (int claims = 0; claims < 13; claims++) {
      boolean even = claims % 2 == 0;
      (even ? north : south).open(even ? "north:1" : "south:1");
    }

    Flapping flapping = Objects.requireNonNull(north.presence().flapping());
    assertThat(flapping.kind()).isEqualTo(Flapping.Kind.CONTESTED);
    assertThat(flapping.addresses()).containsExactly("north:1", "south:1");
  }

  @Test
  void a_poller_whose_polls_reach_two_nodes_is_not_contested() {
    for (int polls = 0; polls < 16; polls++) {
      Node node = polls % 2 == 0 ? north : south;
      Session session = node.open("10.0.0.7"); // the store learns only later that it is asleep
      node.sessions.markAsleep(session, clock.wallMillis() + 60_000);
      exchange();
    }

    assertThat(Objects.requireNonNull(south.presence().flapping()).kind())
        .isEqualTo(Flapping.Kind.UNSTABLE);
  }

  @Test
  void an_ended_session_on_another_node_counts_for_an_unstable_device() {
    for (int i = 0; i < 6; i++) {
      Node node = i % 2 == 0 ? north : south;
      Session session = node.open("10.0.0.7");
      node.sessions.close(session, Cause.LOST);
      exchange();
    }

    assertThat(north.presence().flapping())
        .isNotNull()
        .extracting(Flapping::kind)
        .isEqualTo(Flapping.Kind.UNSTABLE);
  }

  @Test
  void a_node_that_starts_again_knows_the_sessions_of_the_other() {
    north.open("10.0.0.7");
    Node again = new Node("south");

    assertThat(answer(again.sessions.start())).isEmpty();
    assertThat(again.presence()).isEqualTo(north.presence());
    assertThat(again.sessions.session("a")).isNull();
  }

  @Test
  void a_node_that_starts_again_ends_what_it_held() {
    Session session = north.open("10.0.0.7");
    Node again = new Node("north");

    assertThat(answer(again.sessions.start())).containsOnlyKeys("a");
    assertThat(again.presence().session()).isEqualTo(session.epoch());
    assertThat(again.presence().end()).isEqualTo(Cause.HUB_RESTARTED);
  }

  @Test
  void an_event_that_comes_before_the_recovery_counts_if_its_session_is_newer() {
    Session poller = north.open("10.0.0.7");
    north.sessions.markAsleep(poller, clock.wallMillis() + 60_000);
    north.sessions.close();
    Node again = new Node("north");
    Presence newer =
        new Presence(
            State.ONLINE, 5, null, Transport.WEBSOCKET, poller.epoch() + 1, "10.0.0.9", null, null);

    again.receive(new PresenceChanged("a", newer));
    answer(again.sessions.start());

    assertThat(again.presence()).isEqualTo(newer);
    assertThat(again.sessions.session("a")).isNull();
  }

  @Test
  void a_session_that_another_node_ends_is_evicted_where_it_is() {
    Session session = north.open("10.0.0.7");
    exchange();

    south.sessions.evict("a", Cause.DISABLED);
    exchange();

    assertThat(north.evictions).containsExactly(Cause.DISABLED);
    assertThat(north.sessions.isCurrent(session)).isFalse();
    assertThat(north.sessions.online()).isZero();
    assertThat(north.presence().cause()).isEqualTo("disabled");
    assertThat(south.presence()).isEqualTo(north.presence());
  }

  @Test
  void an_end_that_comes_after_the_next_session_ends_nothing() {
    north.open("10.0.0.7");
    exchange();
    south.sessions.evict("a", Cause.DISABLED);
    Session next = north.open("10.0.0.7");
    exchange();

    assertThat(north.evictions).containsExactly(new SessionEnd.Replaced("10.0.0.7", 0));
    assertThat(north.sessions.isCurrent(next)).isTrue();
    assertThat(south.presence().session()).isEqualTo(next.epoch());
    assertThat(south.presence().state()).isEqualTo(State.ONLINE);
  }

  @Test
  void the_devices_of_a_lost_node_are_offline_everywhere_and_it_closes_them_when_it_returns() {
    Session session = north.open("10.0.0.7");
    exchange();

    assertThat(answer(south.sessions.takeOver("north", Cause.SILENT))).containsOnlyKeys("a");
    assertThat(south.presence().cause()).isEqualTo("silent");
    exchange();

    assertThat(north.evictions).containsExactly(Cause.SILENT);
    assertThat(north.sessions.isCurrent(session)).isFalse();
    assertThat(north.presence()).isEqualTo(south.presence());
  }

  @Test
  void the_poller_of_a_lost_node_is_expected_by_the_other() {
    Session session = answer(north.opening("10.0.0.7", Transport.HTTP));
    north.sessions.markAsleep(session, clock.wallMillis() + 60_000);
    north.sessions.close();
    exchange();

    assertThat(answer(south.sessions.takeOver("north", Cause.SILENT))).isEmpty();
    assertThat(south.presence().state()).isEqualTo(State.ASLEEP);
    assertThat(south.sessions.isCurrent(session)).isTrue();
    for (int i = 0; i < 200; i++) {
      clock.addAndGet(20_000);
      south.sessions.sweep();
    }

    assertThat(south.presence().cause()).isEqualTo("overdue");
  }

  @Test
  void a_node_that_was_taken_for_lost_gives_up_its_sessions_and_keeps_the_pollers_of_the_other() {
    Session poller = answer(north.opening("10.0.0.7", Transport.HTTP));
    north.sessions.markAsleep(poller, clock.wallMillis() + 60_000);
    north.sessions.close();
    fleet.stores().insert("b");
    answer(north.sessions.open("b", Transport.WEBSOCKET, "10.0.0.8", north.evictions::add));
    exchange();
    answer(south.sessions.takeOver("north", Cause.NODE_LOST));
    south.sent.clear(); // the paused node has not read them yet

    north.sessions.giveUp(Cause.NODE_LOST);
    exchange();

    assertThat(north.evictions).containsExactly(Cause.NODE_LOST);
    assertThat(north.sessions.session("a")).isNull();
    assertThat(north.presence().state()).isEqualTo(State.ASLEEP);
    assertThat(south.sessions.isCurrent(poller)).isTrue();
    assertThat(south.sessions.presence().of("b").cause()).isEqualTo("node-lost");
  }

  @Test
  void lost_events_are_made_up_for_by_reading_the_store() {
    Session session = north.open("10.0.0.7");
    exchange();
    south.open("10.0.0.9");
    south.sent.clear();
    assertThat(north.sessions.isCurrent(session)).isTrue();

    answer(north.sessions.reload());

    assertThat(north.evictions).hasSize(1);
    assertThat(north.sessions.isCurrent(session)).isFalse();
    assertThat(north.presence()).isEqualTo(south.presence());
    assertThat(south.evictions).isEmpty();
  }
}

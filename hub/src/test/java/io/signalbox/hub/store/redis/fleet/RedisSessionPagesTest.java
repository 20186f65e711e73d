package io.signalbox.hub.store.redis.fleet;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.fleet.SessionStore;
import io.signalbox.hub.fleet.SessionStore.Claim;
import io.signalbox.hub.fleet.SessionStore.StoredSession;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.store.FleetStores;
import io.signalbox.hub.store.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions that do not fit in one script, and the index of the present ones. */
class RedisSessionPagesTest {
  private final RedisFleet fleet = new RedisFleet();
  private final FleetStores stores = fleet.stores();
  private final SessionStore sessions = stores.sessions();
  private final RedisLink link = fleet.link();

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void a_lost_node_loses_the_sessions_of_all_pages() {
    List<String> devices = registered(0, 2 * SessionScan.PAGE);
    Map<String, Long> lost = claim(devices, "north");
    claim(registered(1, 3), "north-2");

    Map<String, StoredSession> held =
        answer(sessions.takeOver("north", "south", 9, Cause.NODE_LOST));

    assertThat(held.values()).allMatch(each -> each.presence().end() == Cause.NODE_LOST);
    Map<String, Long> ended = new HashMap<>();
    held.forEach((device, session) -> ended.put(device, session.presence().session()));
    assertThat(ended).isEqualTo(lost);
    assertThat(present()).isEqualTo(3);
  }

  @Test
  void pollers_that_stay_do_not_hide_the_sessions_of_the_next_page() {
    List<String> devices = registered(2, SessionScan.PAGE + 2);
    Map<String, Long> epochs = claim(devices, "north");
    Map<String, StoredSession> pollers = new HashMap<>();
    devices.subList(0, SessionScan.PAGE).forEach(id -> pollers.put(id, asleep(id, epochs)));
    answer(sessions.savePollers(pollers));

    Map<String, StoredSession> held =
        answer(sessions.takeOver("north", "south", 9, Cause.NODE_LOST));

    assertThat(held).containsOnlyKeys(devices);
    assertThat(held.values().stream().filter(each -> each.node().equals("south")))
        .hasSize(SessionScan.PAGE);
    assertThat(held.values().stream().filter(each -> each.presence().end() == Cause.NODE_LOST))
        .hasSize(2);
    assertThat(present()).isEqualTo(SessionScan.PAGE);
  }

  @Test
  void a_recovery_answers_the_sessions_of_all_partitions_and_pages() {
    List<String> devices = new ArrayList<>(registered(0, SessionScan.PAGE));
    devices.addAll(registered(3, SessionScan.PAGE + 1));
    claim(devices, "north");
    registered(1, 5);

    Map<String, StoredSession> all = answer(sessions.recover("north", 9, Cause.HUB_RESTARTED));

    assertThat(all).containsOnlyKeys(devices);
    assertThat(present()).isZero();
    assertThat(answer(sessions.recover("south", 10, Cause.HUB_RESTARTED))).isEqualTo(all);
  }

  @Test
  void the_index_has_each_present_session_once() {
    List<String> devices = registered(0, 3);
    claim(devices, "north");
    Map<String, Long> newer = claim(devices, "south");
    assertThat(present()).isEqualTo(3);

    String closed = devices.getFirst();
    answer(sessions.release(closed, ended(closed, newer)));
    stores.delete(devices.getLast());
    assertThat(present()).isEqualTo(1);

    claim(List.of(closed), "north");
    assertThat(present()).isEqualTo(2);
    assertThat(answer(sessions.takeOver("north", "south", 9, Cause.NODE_LOST)))
        .containsOnlyKeys(closed);
  }

  /** Devices of one partition, in the order of the index. */
  private List<String> registered(int partition, int number) {
    List<String> ids =
        IntStream.iterate(0, i -> i + 1)
            .mapToObj(i -> "d%d-%05d".formatted(partition, i))
            .filter(id -> fleet.keys().partitionOf(id) == partition)
            .limit(number)
            .toList();
    stores.insert(ids.toArray(String[]::new));
    return ids;
  }

  private Map<String, Long> claim(List<String> devices, String node) {
    List<Future<Claim>> claiming =
        devices.stream().map(id -> sessions.claim(id, node, Transport.HTTP, "::1", 5)).toList();
    Map<String, Long> epochs = new HashMap<>();
    for (int i = 0; i < devices.size(); i++) {
      epochs.put(devices.get(i), answer(claiming.get(i)).epoch());
    }
    return epochs;
  }

  private static long epochOf(String device, Map<String, Long> epochs) {
    return Objects.requireNonNull(epochs.get(device));
  }

  private static StoredSession asleep(String device, Map<String, Long> epochs) {
    return new StoredSession(
        new Presence(
            Presence.State.ASLEEP,
            6,
            null,
            Transport.HTTP,
            epochOf(device, epochs),
            "::1",
            66L,
            null),
        6,
        "north");
  }

  private static Presence ended(String device, Map<String, Long> epochs) {
    return new Presence(
        Presence.State.OFFLINE, 7, Cause.CLOSED, Transport.HTTP, epochOf(device, epochs), "::1");
  }

  /** Number of sessions in the indexes of all partitions. */
  private long present() {
    return fleet
        .keys()
        .inAll("present")
        .mapToLong(key -> answer(link.send(Request.cmd(Command.ZCARD).arg(key))).toLong())
        .sum();
  }
}

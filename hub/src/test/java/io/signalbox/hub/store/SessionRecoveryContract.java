package io.signalbox.hub.store;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.fleet.SessionStore.StoredSession;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.Transport;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Contract of all implementations of {@code SessionStore}: the end of the sessions of a node that
 * was restarted, or that stopped answering.
 */
public abstract class SessionRecoveryContract extends SessionStoreFixture {
  @Test
  void a_recovering_node_ends_its_own_sessions_only_and_sees_all() {
    long own = claim("a");
    long others = answer(claimingInSouth(another(), "b")).epoch();

    Map<String, StoredSession> left =
        answer(stores.sessions().recover(NORTH, 99, Cause.HUB_RESTARTED));

    assertThat(left).containsOnlyKeys("a", "b");
    assertThat(Objects.requireNonNull(left.get("a")).presence())
        .isEqualTo(
            new Presence(
                Presence.State.OFFLINE, 99, Cause.HUB_RESTARTED, Transport.MQTT, own, "10.0.0.7"));
    StoredSession kept = Objects.requireNonNull(left.get("b"));
    assertThat(kept.node()).isEqualTo(SOUTH);
    assertThat(kept.presence().state()).isEqualTo(Presence.State.ONLINE);
    assertThat(kept.presence().session()).isEqualTo(others);
  }

  @Test
  void a_node_that_recovers_while_another_claims_ends_none_of_its_sessions() {
    String[] devices = IntStream.range(0, 200).mapToObj(i -> "r" + i).toArray(String[]::new);
    stores.insert(devices);
    for (String device : devices) {
      claiming(device);
    }
    FleetStores south = another();
    List<Future<?>> results = new ArrayList<>();
    together(
        () ->
            IntStream.range(0, 20)
                .mapToObj(i -> stores.sessions().recover(NORTH, 99, Cause.HUB_RESTARTED))
                .toList(),
        () -> Stream.of(devices).map(device -> claimingInSouth(south, device)).toList(),
        results);
    results.forEach(Results::answer);

    Map<String, StoredSession> all =
        answer(stores.sessions().recover(NORTH, 99, Cause.HUB_RESTARTED));
    assertThat(all.values())
        .hasSize(devices.length)
        .allMatch(each -> each.node().equals(SOUTH))
        .allMatch(each -> each.presence().state() == Presence.State.ONLINE);
  }
}

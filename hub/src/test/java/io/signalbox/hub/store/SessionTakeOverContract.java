package io.signalbox.hub.store;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.fleet.SessionStore;
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

/** Contract of all implementations of {@code SessionStore} for a node that stops answering. */
public abstract class SessionTakeOverContract extends SessionRecoveryContract {
  private Future<Map<String, StoredSession>> takingOver() {
    return another().sessions().takeOver(NORTH, SOUTH, 99, Cause.NODE_LOST);
  }

  @Test
  void connected_devices_of_a_lost_node_become_offline() {
    long lost = claim("a");
    long others = answer(claimingInSouth(another(), "b")).epoch();

    Map<String, StoredSession> taken = answer(takingOver());

    assertThat(taken).containsOnlyKeys("a");
    Presence away =
        new Presence(Presence.State.OFFLINE, 99, Cause.NODE_LOST, Transport.MQTT, lost, "10.0.0.7");
    assertThat(Objects.requireNonNull(taken.get("a")).presence()).isEqualTo(away);
    assertThat(stored("a").presence()).isEqualTo(away);
    assertThat(stored("b").presence().session()).isEqualTo(others);
    assertThat(stored("b").presence().state()).isEqualTo(Presence.State.ONLINE);
  }

  @Test
  void pollers_of_a_lost_node_are_given_to_the_other() {
    StoredSession asleep = resting(claim("a"), Presence.State.ASLEEP);
    StoredSession overdue = resting(claim("b"), Presence.State.OVERDUE);
    answer(stores.sessions().savePollers(Map.of("a", asleep, "b", overdue)));

    Map<String, StoredSession> taken = answer(takingOver());

    StoredSession given = new StoredSession(asleep.presence(), asleep.contact(), SOUTH);
    assertThat(taken)
        .containsEntry("a", given)
        .containsEntry("b", new StoredSession(overdue.presence(), overdue.contact(), SOUTH));
    assertThat(stored("a")).isEqualTo(given);
  }

  @Test
  void an_ended_session_is_not_taken_over() {
    Presence ended = ended(claim("a"), Cause.LOST);
    answer(stores.sessions().release("a", ended));

    assertThat(answer(takingOver())).isEmpty();
    assertThat(stored("a").presence()).isEqualTo(ended);
    assertThat(stored("a").node()).isEqualTo(NORTH);
  }

  @Test
  void a_lost_node_that_returns_cannot_revive_a_session() {
    StoredSession before = resting(claim("a"), Presence.State.ASLEEP);
    answer(takingOver());
    answer(stores.sessions().savePollers(Map.of("a", before)));

    assertThat(stored("a").presence().state()).isEqualTo(Presence.State.OFFLINE);
  }

  @Test
  void a_node_is_not_taken_over_with_one_whose_name_it_begins_with() {
    claim("a");

    SessionStore sessions = another().sessions();
    assertThat(answer(sessions.takeOver("nor", SOUTH, 99, Cause.NODE_LOST))).isEmpty();
    assertThat(answer(sessions.takeOver("north-2", SOUTH, 99, Cause.NODE_LOST))).isEmpty();
    assertThat(stored("a").presence().state()).isEqualTo(Presence.State.ONLINE);
  }

  @Test
  void sessions_that_moved_to_another_node_are_not_taken_over() {
    claim("a");
    answer(claimingInSouth(another(), "a"));
    claim("b");
    stores.delete("b");
    stores.insert("b");
    answer(claimingInSouth(another(), "b"));

    assertThat(answer(takingOver())).isEmpty();
    assertThat(stored("a").presence().state()).isEqualTo(Presence.State.ONLINE);
  }

  @Test
  void of_concurrent_calls_each_session_is_in_one_answer() {
    String[] devices = IntStream.range(0, 200).mapToObj(i -> "t" + i).toArray(String[]::new);
    stores.insert(devices);
    Stream.of(devices).map(this::claim).forEach(epoch -> assertThat(epoch).isPositive());

    List<Future<Map<String, StoredSession>>> calls = new ArrayList<>();
    together(
        () -> IntStream.range(0, 4).mapToObj(i -> takingOver()).toList(),
        () -> IntStream.range(0, 4).mapToObj(i -> takingOver()).toList(),
        calls);

    assertThat(calls.stream().flatMap(call -> answer(call).keySet().stream()))
        .containsExactlyInAnyOrder(devices);
  }
}

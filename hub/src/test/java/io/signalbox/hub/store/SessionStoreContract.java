package io.signalbox.hub.store;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.fleet.DevicePatch;
import io.signalbox.hub.fleet.SessionStore.Claim;
import io.signalbox.hub.fleet.SessionStore.StoredSession;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.Transport;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Contract of all implementations of {@code SessionStore}, with two instances on one backend: each
 * is that of a node.
 */
public abstract class SessionStoreContract extends SessionStoreFixture {
  private static final Comparator<Claim> BY_EPOCH = Comparator.comparingLong(Claim::epoch);

  @Test
  void every_claim_has_a_higher_epoch_than_all_before() {
    long first = claim("a");
    long second = claim("a");
    claim("b");

    assertThat(second).isGreaterThan(first);
    assertThat(claim("a")).isGreaterThan(second);
  }

  @Test
  void epochs_increase_across_restarts_and_deletions_of_the_device() {
    long first = claim("a");
    stores = reopened();
    long second = claim("a");
    stores.delete("a");
    stores.insert("a");

    assertThat(second).isGreaterThan(first);
    assertThat(claim("a")).isGreaterThan(second);
  }

  @Test
  void concurrent_claims_get_distinct_epochs() {
    var claims = IntStream.range(0, 2_000).mapToObj(i -> claiming(i % 2 == 0 ? "a" : "b")).toList();

    assertThat(claims.stream().map(each -> answer(each).epoch())).doesNotHaveDuplicates();
  }

  @Test
  void only_a_known_and_enabled_device_can_claim() {
    answer(stores.devices().update("a", DevicePatch.NOTHING.withEnabled(false), ignored -> {}));

    assertThat(refusal(claiming("a")).kind()).isEqualTo(Refusal.ErrorCode.DISABLED);
    assertThat(refusal(claiming("nobody")).kind()).isEqualTo(Refusal.ErrorCode.UNKNOWN_DEVICE);
  }

  @Test
  void the_end_of_a_session_is_stored() {
    Presence ended = ended(claim("a"), Cause.SILENT);

    assertThat(answer(stores.sessions().release("a", ended))).isTrue();
    stores = reopened();
    assertThat(answer(stores.sessions().recover(NORTH, 99, Cause.HUB_RESTARTED)))
        .containsEntry("a", new StoredSession(ended, 0, NORTH));
  }

  @Test
  void an_older_session_cannot_end_a_newer_one() {
    long older = claim("a");
    claim("a");

    assertThat(answer(stores.sessions().release("a", ended(older, Cause.CLOSED)))).isFalse();
    assertThat(endAfterRestart()).isEqualTo(Cause.HUB_RESTARTED);
  }

  @Test
  void ending_a_deleted_devices_session_is_ignored() {
    long epoch = claim("a");
    stores.delete("a");

    assertThat(refusal(stores.sessions().release("a", ended(epoch, Cause.CLOSED))).kind())
        .isEqualTo(Refusal.ErrorCode.UNKNOWN_DEVICE);
    stores.insert("a");
    assertThat(refusal(stores.sessions().release("a", ended(epoch, Cause.CLOSED))).kind())
        .isEqualTo(Refusal.ErrorCode.UNKNOWN_DEVICE);
  }

  @Test
  void the_state_of_pollers_survives_a_restart() {
    Map<String, StoredSession> pollers =
        Map.of(
            "a", resting(claim("a"), Presence.State.ASLEEP),
            "b", resting(claim("b"), Presence.State.OVERDUE));

    answer(stores.sessions().savePollers(pollers));
    stores = reopened();

    assertThat(answer(stores.sessions().recover(NORTH, 99, Cause.HUB_RESTARTED)))
        .isEqualTo(pollers);
  }

  @Test
  void a_poller_that_is_online_or_offline_has_no_expected_time() {
    long epoch = claim("a");
    answer(stores.sessions().savePollers(Map.of("a", resting(epoch, Presence.State.ASLEEP))));
    Presence ended = ended(epoch, Cause.OVERDUE);
    answer(stores.sessions().release("a", ended));

    assertThat(answer(stores.sessions().recover(NORTH, 99, Cause.HUB_RESTARTED)))
        .containsEntry("a", new StoredSession(ended, 0, NORTH));
  }

  @Test
  void the_state_of_an_older_session_of_a_poller_is_not_stored() {
    StoredSession older = resting(claim("a"), Presence.State.ASLEEP);
    claim("a");

    answer(stores.sessions().savePollers(Map.of("a", older, "nobody", older)));

    assertThat(endAfterRestart()).isEqualTo(Cause.HUB_RESTARTED);
  }

  @Test
  void a_restart_ends_open_sessions_and_emits_no_event_for_never_seen_devices() {
    long epoch = claim("a");
    stores = reopened();

    Map<String, StoredSession> left =
        answer(stores.sessions().recover(NORTH, 99, Cause.HUB_RESTARTED));

    assertThat(left)
        .containsExactly(
            Map.entry(
                "a",
                new StoredSession(
                    new Presence(
                        Presence.State.OFFLINE,
                        99,
                        Cause.HUB_RESTARTED,
                        Transport.MQTT,
                        epoch,
                        "10.0.0.7"),
                    0,
                    NORTH)));
    assertThat(answer(stores.sessions().recover(NORTH, 100, Cause.DRAINING))).isEqualTo(left);
  }

  @Test
  void a_claim_answers_the_session_that_it_displaces_on_whichever_node() {
    FleetStores south = another();
    Claim first = answer(claiming("a"));
    Claim second = answer(claimingInSouth(south, "a"));
    Claim third = answer(claiming("a"));

    assertThat(first.previous()).isNull();
    assertThat(first.displaced()).isNull();
    assertThat(second.displaced()).isEqualTo(online(first.epoch()));
    assertThat(third.displaced())
        .isEqualTo(
            new StoredSession(
                new Presence(
                    Presence.State.ONLINE, 8, null, Transport.HTTP, second.epoch(), "10.0.0.9"),
                0,
                SOUTH));
  }

  @Test
  void a_claim_displaces_a_sleeping_poller() {
    StoredSession asleep = resting(claim("a"), Presence.State.ASLEEP);
    answer(stores.sessions().savePollers(Map.of("a", asleep)));

    assertThat(answer(claimingInSouth(another(), "a")).displaced()).isEqualTo(asleep);
  }

  @Test
  void a_claim_after_an_end_displaces_nothing_and_answers_the_end() {
    Presence ended = ended(claim("a"), Cause.LOST);
    answer(stores.sessions().release("a", ended));

    Claim next = answer(claimingInSouth(another(), "a"));

    assertThat(next.displaced()).isNull();
    assertThat(next.previous()).isEqualTo(new StoredSession(ended, 0, NORTH));
  }

  @Test
  void a_claim_if_absent_leaves_a_present_session_as_it_is() {
    FleetStores south = another();
    long connected = claim("a");
    StoredSession asleep = resting(claim("b"), Presence.State.ASLEEP);
    answer(stores.sessions().savePollers(Map.of("b", asleep)));

    Claim first = answer(south.sessions().claimIfAbsent("a", SOUTH, Transport.HTTP, "::1", 9));
    Claim second = answer(south.sessions().claimIfAbsent("b", SOUTH, Transport.HTTP, "::1", 9));

    assertThat(first.foundPresent()).isEqualTo(online(connected));
    assertThat(first.epoch()).isEqualTo(connected);
    assertThat(second.foundPresent()).isEqualTo(asleep);
    assertThat(stored("a")).isEqualTo(online(connected));
    assertThat(stored("b")).isEqualTo(asleep);
  }

  @Test
  void a_claim_if_absent_is_a_claim_once_no_session_is_present() {
    long first =
        answer(stores.sessions().claimIfAbsent("a", NORTH, Transport.MQTT, "10.0.0.7", 5)).epoch();
    assertThat(stored("a")).isEqualTo(online(first));
    Presence ended = ended(first, Cause.LOST);
    answer(stores.sessions().release("a", ended));

    Claim next = answer(stores.sessions().claimIfAbsent("a", NORTH, Transport.MQTT, "10.0.0.7", 5));

    assertThat(next.foundPresent()).isNull();
    assertThat(next.previous()).isEqualTo(new StoredSession(ended, 0, NORTH));
    assertThat(next.epoch()).isGreaterThan(first);
    assertThat(stored("a")).isEqualTo(online(next.epoch()));
    stores.delete("a");
    assertThat(
            refusal(stores.sessions().claimIfAbsent("a", NORTH, Transport.MQTT, "::1", 5)).kind())
        .isEqualTo(Refusal.ErrorCode.UNKNOWN_DEVICE);
  }

  @Test
  void a_claim_displaces_nothing_of_an_earlier_device_with_the_id() {
    claim("a");
    stores.delete("a");
    stores.insert("a");

    assertThat(answer(claimingInSouth(another(), "a")).previous()).isNull();
  }

  @Test
  void a_refused_claim_displaces_nothing() {
    StoredSession present = online(claim("a"));
    answer(stores.devices().update("a", DevicePatch.NOTHING.withEnabled(false), ignored -> {}));

    assertThat(refusal(claimingInSouth(another(), "a")).kind())
        .isEqualTo(Refusal.ErrorCode.DISABLED);
    assertThat(stored("a")).isEqualTo(present);
  }

  @Test
  void a_displaced_node_cannot_write_about_the_session_any_more() {
    FleetStores south = another();
    long displaced = claim("a");
    Claim newer = answer(claimingInSouth(south, "a"));
    StoredSession present = stored("a");

    assertThat(answer(stores.sessions().release("a", ended(displaced, Cause.LOST)))).isFalse();
    answer(stores.sessions().savePollers(Map.of("a", resting(displaced, Presence.State.ASLEEP))));

    assertThat(stored("a")).isEqualTo(present);
    assertThat(present.node()).isEqualTo(SOUTH);
    assertThat(present.presence().session()).isEqualTo(newer.epoch());
  }

  @Test
  void concurrent_claims_of_two_nodes_form_one_chain_with_one_present_session() {
    FleetStores south = another();
    List<Future<Claim>> claiming = new ArrayList<>();
    together(
        () -> IntStream.range(0, 500).mapToObj(i -> claiming("a")).toList(),
        () -> IntStream.range(0, 500).mapToObj(i -> claimingInSouth(south, "a")).toList(),
        claiming);

    List<Claim> claims = claiming.stream().map(Results::answer).sorted(BY_EPOCH).toList();
    assertThat(claims.stream().map(Claim::epoch)).doesNotHaveDuplicates().hasSize(1_000);
    assertThat(claims.getFirst().displaced()).isNull();
    for (int i = 1; i < claims.size(); i++) {
      assertThat(displacedBy(claims.get(i))).isEqualTo(claims.get(i - 1).epoch());
    }
    assertThat(stored("a").presence().session()).isEqualTo(claims.getLast().epoch());
    assertThat(stored("a").presence().state()).isEqualTo(Presence.State.ONLINE);
  }

  @Test
  void of_a_release_and_a_claim_at_the_same_time_the_claim_stays() {
    FleetStores south = another();
    for (int round = 0; round < 200; round++) {
      long epoch = claim("a");
      List<Future<?>> both = new ArrayList<>();
      together(
          () -> List.of(stores.sessions().release("a", ended(epoch, Cause.CLOSED))),
          () -> List.of(claimingInSouth(south, "a")),
          both);

      boolean released = Boolean.TRUE.equals(answer(both.get(0)));
      Claim newer = (Claim) answer(both.get(1));
      assertThat(newer.displaced() == null).as("round %d", round).isEqualTo(released);
      assertThat(stored("a").presence().session()).isEqualTo(newer.epoch());
      assertThat(stored("a").presence().state()).isEqualTo(Presence.State.ONLINE);
    }
  }

  private static long displacedBy(Claim claim) {
    return Objects.requireNonNull(claim.displaced()).presence().session();
  }

  private @Nullable SessionEnd endAfterRestart() {
    Map<String, StoredSession> left =
        answer(stores.sessions().recover(NORTH, 99, Cause.HUB_RESTARTED));
    return Objects.requireNonNull(left.get("a")).presence().end();
  }
}

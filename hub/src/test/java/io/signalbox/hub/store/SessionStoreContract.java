package io.signalbox.hub.store;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.fleet.DevicePatch;
import io.signalbox.hub.fleet.SessionStore.StoredSession;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.Transport;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contract of all implementations of {@code SessionStore}. */
public abstract class SessionStoreContract {
  private FleetStores stores;

  /** Opens an empty store. */
  protected abstract FleetStores empty();

  /** The same stores after a crash and a restart of the process. */
  protected abstract FleetStores reopened();

  @BeforeEach
  void open() {
    stores = empty();
    stores.insert("a", "b");
  }

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

    assertThat(claims.stream().map(Results::answer)).doesNotHaveDuplicates();
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
    assertThat(answer(stores.sessions().recover(99, Cause.HUB_RESTARTED)))
        .containsEntry("a", new StoredSession(ended, 0));
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

    assertThat(answer(stores.sessions().recover(99, Cause.HUB_RESTARTED))).isEqualTo(pollers);
  }

  @Test
  void a_poller_that_is_online_or_offline_has_no_expected_time() {
    long epoch = claim("a");
    answer(stores.sessions().savePollers(Map.of("a", resting(epoch, Presence.State.ASLEEP))));
    Presence ended = ended(epoch, Cause.OVERDUE);
    answer(stores.sessions().release("a", ended));

    assertThat(answer(stores.sessions().recover(99, Cause.HUB_RESTARTED)))
        .containsEntry("a", new StoredSession(ended, 0));
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

    Map<String, StoredSession> left = answer(stores.sessions().recover(99, Cause.HUB_RESTARTED));

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
                    0)));
    assertThat(answer(stores.sessions().recover(100, Cause.DRAINING))).isEqualTo(left);
  }

  private @Nullable SessionEnd endAfterRestart() {
    Map<String, StoredSession> left = answer(stores.sessions().recover(99, Cause.HUB_RESTARTED));
    return Objects.requireNonNull(left.get("a")).presence().end();
  }

  private long claim(String device) {
    return answer(claiming(device));
  }

  private Future<Long> claiming(String device) {
    return stores.sessions().claim(device, Transport.MQTT, "10.0.0.7", 5);
  }

  private static StoredSession resting(long epoch, Presence.State state) {
    return new StoredSession(
        new Presence(state, 6, null, Transport.MQTT, epoch, "10.0.0.8", 66L, null), 6);
  }

  private static Presence ended(long epoch, SessionEnd end) {
    return new Presence(Presence.State.OFFLINE, 7, end, Transport.MQTT, epoch, "10.0.0.7");
  }
}

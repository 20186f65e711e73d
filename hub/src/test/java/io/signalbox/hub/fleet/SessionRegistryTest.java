package io.signalbox.hub.fleet;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Presence.State;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.SessionEnd.Replaced;
import io.signalbox.hub.model.Transport;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class SessionRegistryTest {
  private static final EvictionListener NOBODY_LISTENS = cause -> {};

  @TempDir Path directory;
  private FleetFixture fixture;
  private final BlockingQueue<SessionEnd> evictions = new LinkedBlockingQueue<>();

  @BeforeEach
  void open() throws Exception {
    fixture = new FleetFixture(directory);
    fixture.register("a");
    fixture.event();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void a_device_that_never_connected_is_offline_since_its_registration() {
    Device device = answer(fixture.registry.get("a"));

    assertThat(fixture.sessions.presence().of(device))
        .isEqualTo(Presence.neverSeen(device.created()));
    assertThat(fixture.sessions.presence().of("a").cause()).isEqualTo("never-seen");
  }

  @Test
  void a_device_is_online_while_its_session_lasts() throws Exception {
    fixture.clock.set(2_000_000);
    Session session = open("a");
    Presence online = fixture.sessions.presence().of("a");
    fixture.clock.set(3_000_000);
    fixture.sessions.close(session, Cause.SILENT);
    Presence offline = fixture.sessions.presence().of("a");

    assertThat(online)
        .isEqualTo(
            new Presence(
                State.ONLINE, 2_000_000, null, Transport.WEBSOCKET, session.epoch(), "::1"));
    assertThat(offline)
        .isEqualTo(
            new Presence(
                State.OFFLINE,
                3_000_000,
                Cause.SILENT,
                Transport.WEBSOCKET,
                session.epoch(),
                "::1"));
    assertThat(List.of(fixture.event(), fixture.event()))
        .containsExactly(
            new Event.PresenceChanged("a", online), new Event.PresenceChanged("a", offline));
    assertThat(fixture.sessions.online()).isZero();
  }

  @Test
  void a_newer_session_evicts_the_older_one_whose_later_calls_are_ignored() {
    Session older = answer(fixture.sessions.open("a", Transport.WEBSOCKET, "::1", evictions::add));
    Session newer = open("a");

    assertThat(evictions).containsExactly(new Replaced("::1", 0));
    assertThat(newer.epoch()).isGreaterThan(older.epoch());
    assertThat(fixture.sessions.isCurrent(older)).isFalse();
    assertThat(fixture.sessions.isCurrent(newer)).isTrue();
    fixture.sessions.close(older, Cause.CLOSED);
    assertThat(fixture.sessions.presence().of("a").state()).isEqualTo(State.ONLINE);
    assertThat(fixture.sessions.online()).isEqualTo(1);
  }

  @Test
  void of_two_concurrent_sessions_the_higher_epoch_wins_whatever_the_clock_shows() {
    ConcurrentLinkedQueue<Future<Session>> opening = new ConcurrentLinkedQueue<>();

    IntStream.range(0, 200)
        .parallel()
        .forEach(
            i -> {
              fixture.clock.set(1_000_000 - i); // backwards
              opening.add(open("a", evictions::add));
            });
    // Claims are refused once the id is contested.
    List<Session> sessions =
        opening.stream()
            .map(each -> answer(each.map(Optional::of).otherwise(Optional.empty())))
            .flatMap(Optional::stream)
            .toList();

    List<Session> current = sessions.stream().filter(fixture.sessions::isCurrent).toList();
    long highest = sessions.stream().mapToLong(Session::epoch).max().orElseThrow();
    assertThat(current).singleElement().extracting(Session::epoch).isEqualTo(highest);
    assertThat(evictions).hasSize(sessions.size() - 1).allMatch(end -> end instanceof Replaced);
    assertThat(fixture.sessions.online()).isEqualTo(1);
  }

  @Test
  void an_evicted_session_gets_the_reason_and_its_device_is_offline() {
    Session session =
        answer(fixture.sessions.open("a", Transport.WEBSOCKET, "::1", evictions::add));

    fixture.sessions.evict("a", Cause.REVOKED);
    fixture.sessions.evict("a", Cause.REVOKED);
    fixture.sessions.close(session, Cause.CLOSED);

    assertThat(evictions).containsExactly(Cause.REVOKED);
    assertThat(fixture.sessions.isCurrent(session)).isFalse();
    assertThat(fixture.sessions.presence().of("a").cause()).isEqualTo("revoked");
  }

  @Test
  void a_session_whose_eviction_listener_fails_is_still_replaced() {
    answer(
        fixture.sessions.open(
            "a",
            Transport.WEBSOCKET,
            "::1",
            cause -> {
              throw new IllegalStateException("cannot hear");
            }));

    Session newer = open("a");

    assertThat(fixture.sessions.isCurrent(newer)).isTrue();
  }

  @Test
  void connected_devices_are_offline_after_a_restart_until_they_return() {
    fixture.register("b");
    Session before = open("a");
    Session left = open("b");
    fixture.sessions.close(left, Cause.CLOSED);
    Presence ofB = fixture.sessions.presence().of("b");
    fixture.clock.set(5_000_000);
    fixture.restart();

    assertThat(fixture.sessions.presence().of("a"))
        .isEqualTo(
            new Presence(
                State.OFFLINE,
                5_000_000,
                Cause.HUB_RESTARTED,
                Transport.WEBSOCKET,
                before.epoch(),
                "::1"));
    assertThat(fixture.sessions.presence().of("b")).isEqualTo(ofB);
    assertThat(fixture.sessions.online()).isZero();
    assertThat(open("a").epoch()).isGreaterThan(left.epoch());
    assertThat(fixture.sessions.presence().of("a").state()).isEqualTo(State.ONLINE);
  }

  @Test
  void only_registered_and_enabled_devices_get_a_session() {
    answer(fixture.registry.update("a", DevicePatch.NOTHING.withEnabled(false)));

    assertThat(refusal(open("a", NOBODY_LISTENS)).kind()).isEqualTo(Refusal.ErrorCode.DISABLED);
    assertThat(refusal(open("b", NOBODY_LISTENS)).kind())
        .isEqualTo(Refusal.ErrorCode.UNKNOWN_DEVICE);
    assertThat(fixture.sessions.online()).isZero();
  }

  @Test
  void a_device_that_is_deleted_and_registered_again_counts_as_never_seen() {
    Session session = answer(open("a", evictions::add));
    answer(fixture.registry.delete("a"));
    fixture.sessions.forget("a");
    fixture.clock.addAndGet(1);
    fixture.register("a");

    assertThat(evictions).containsExactly(Cause.DELETED);
    assertThat(fixture.sessions.presence().of(answer(fixture.registry.get("a"))).cause())
        .isEqualTo("never-seen");
    assertThat(fixture.sessions.presence().of("a").session()).isZero();
    assertThat(open("a").epoch()).isGreaterThan(session.epoch());
  }

  @Test
  void a_session_that_was_still_opening_when_its_device_was_deleted_leaves_no_trace()
      throws Exception {
    // The claim is stored, then the device is deleted, and only then the session is registered.
    Session session = open("a");
    answer(fixture.registry.delete("a"));
    fixture.clock.addAndGet(1);
    fixture.register("a");
    fixture.sessions.close(session, Cause.REVOKED);
    Device again = answer(fixture.registry.get("a"));

    await().until(() -> fixture.sessions.presence().of(again).cause().equals("never-seen"));
    assertThat(fixture.sessions.presence().of("a")).isEqualTo(Presence.neverSeen(0));
  }

  @Test
  void an_end_that_the_store_refused_is_written_later() {
    fixture.register("b");
    Session session = open("a");
    // More causes than the full disk can store.
    answer(fixture.fleet.database().write(sql -> sql.query("PRAGMA max_page_count = 1", r -> "")));
    fixture.sessions.close(session, new SessionEnd.Unknown("x".repeat(100_000)));
    // Others in the same transaction are refused too; either way it is finished then.
    answer(fixture.fleet.database().write(sql -> sql.number("SELECT 1")).otherwise(0L));
    assertThat(causeKeptOf("a")).isEqualTo("connected");

    Session later = open("b");
    fixture.sessions.close(later, Cause.CLOSED);
    open("b");
    fixture.restart();

    assertThat(fixture.sessions.presence().of("a").cause()).startsWith("xxx");
  }

  private String causeKeptOf(String device) {
    String query = "SELECT cause FROM session WHERE device = ?";
    return answer(
        fixture
            .fleet
            .database()
            .read(sql -> sql.first(query, row -> row.getString(1), device).orElse("")));
  }

  private Session open(String device) {
    return answer(open(device, NOBODY_LISTENS));
  }

  private Future<Session> open(String device, EvictionListener eviction) {
    return open(device, eviction, "::1");
  }

  private Future<Session> open(String device, EvictionListener eviction, String address) {
    return fixture.sessions.open(device, Transport.WEBSOCKET, address, eviction);
  }
}

package io.signalbox.hub.fleet;

import static io.signalbox.hub.store.Answers.answer;
import static io.signalbox.hub.store.Answers.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Presence.State;
import io.signalbox.hub.model.Refusal;
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
class PresencesTest {
  private static final Eviction NOBODY_LISTENS = cause -> {};

  @TempDir Path directory;
  private FleetRoom room;
  private final BlockingQueue<String> evictions = new LinkedBlockingQueue<>();

  @BeforeEach
  void open() throws Exception {
    room = new FleetRoom(directory);
    room.register("a");
    room.event();
  }

  @AfterEach
  void close() {
    room.close();
  }

  @Test
  void a_device_that_was_never_here_is_offline_since_it_was_registered() {
    Device device = answer(room.registry.get("a"));

    assertThat(room.presences.of(device))
        .isEqualTo(new Presence(State.OFFLINE, device.created(), "never seen", null, 0, null));
    assertThat(room.presences.of("a").cause()).isEqualTo("never seen");
  }

  @Test
  void a_device_is_online_while_its_session_lasts() throws Exception {
    room.clock.set(2_000_000);
    Session session = open("a");
    Presence online = room.presences.of("a");
    room.clock.set(3_000_000);
    room.presences.close(session, "silent");
    Presence offline = room.presences.of("a");

    assertThat(online)
        .isEqualTo(
            new Presence(
                State.ONLINE, 2_000_000, "connected", Transport.WEBSOCKET, session.epoch(), "::1"));
    assertThat(offline)
        .isEqualTo(
            new Presence(
                State.OFFLINE, 3_000_000, "silent", Transport.WEBSOCKET, session.epoch(), "::1"));
    assertThat(List.of(room.event(), room.event()))
        .containsExactly(
            new Event.PresenceChanged("a", online), new Event.PresenceChanged("a", offline));
    assertThat(room.presences.online()).isZero();
  }

  @Test
  void a_newer_session_replaces_the_older_one_which_is_told_and_ignored_from_then_on() {
    Session older = answer(room.presences.open("a", Transport.WEBSOCKET, "::1", evictions::add));
    Session newer = open("a");

    assertThat(evictions).containsExactly("replaced by ::1");
    assertThat(newer.epoch()).isGreaterThan(older.epoch());
    assertThat(room.presences.isCurrent(older)).isFalse();
    assertThat(room.presences.isCurrent(newer)).isTrue();
    room.presences.close(older, "closed");
    assertThat(room.presences.of("a").state()).isEqualTo(State.ONLINE);
    assertThat(room.presences.online()).isEqualTo(1);
  }

  @Test
  void of_two_that_open_at_once_the_higher_epoch_stays_whatever_the_clock_says() {
    ConcurrentLinkedQueue<Future<Session>> opening = new ConcurrentLinkedQueue<>();

    IntStream.range(0, 200)
        .parallel()
        .forEach(
            i -> {
              room.clock.set(1_000_000 - i); // backwards
              opening.add(open("a", evictions::add));
            });
    // Who comes when they are seen to fight is refused.
    List<Session> sessions =
        opening.stream()
            .map(each -> answer(each.map(Optional::of).otherwise(Optional.empty())))
            .flatMap(Optional::stream)
            .toList();

    List<Session> current = sessions.stream().filter(room.presences::isCurrent).toList();
    long highest = sessions.stream().mapToLong(Session::epoch).max().orElseThrow();
    assertThat(current).singleElement().extracting(Session::epoch).isEqualTo(highest);
    assertThat(evictions)
        .hasSize(sessions.size() - 1)
        .allMatch(cause -> cause.startsWith("replaced"));
    assertThat(room.presences.online()).isEqualTo(1);
  }

  @Test
  void an_evicted_session_is_told_why_and_its_device_is_offline() {
    Session session = answer(room.presences.open("a", Transport.WEBSOCKET, "::1", evictions::add));

    room.presences.evict("a", "revoked");
    room.presences.evict("a", "revoked");
    room.presences.close(session, "closed");

    assertThat(evictions).containsExactly("revoked");
    assertThat(room.presences.isCurrent(session)).isFalse();
    assertThat(room.presences.of("a").cause()).isEqualTo("revoked");
  }

  @Test
  void a_session_whose_eviction_fails_is_replaced_all_the_same() {
    answer(
        room.presences.open(
            "a",
            Transport.WEBSOCKET,
            "::1",
            cause -> {
              throw new IllegalStateException("cannot hear");
            }));

    Session newer = open("a");

    assertThat(room.presences.isCurrent(newer)).isTrue();
  }

  @Test
  void who_was_here_when_the_hub_went_is_offline_after_its_restart_until_it_returns() {
    room.register("b");
    Session before = open("a");
    Session left = open("b");
    room.presences.close(left, "closed");
    Presence ofB = room.presences.of("b");
    room.clock.set(5_000_000);
    room.restart();

    assertThat(room.presences.of("a"))
        .isEqualTo(
            new Presence(
                State.OFFLINE,
                5_000_000,
                "hub restarted",
                Transport.WEBSOCKET,
                before.epoch(),
                "::1"));
    assertThat(room.presences.of("b")).isEqualTo(ofB);
    assertThat(room.presences.online()).isZero();
    assertThat(open("a").epoch()).isGreaterThan(left.epoch());
    assertThat(room.presences.of("a").state()).isEqualTo(State.ONLINE);
  }

  @Test
  void only_devices_that_are_registered_and_enabled_have_a_session() {
    answer(room.registry.update("a", DevicePatch.NOTHING.withEnabled(false)));

    assertThat(refusal(open("a", NOBODY_LISTENS)).kind()).isEqualTo(Refusal.Kind.DISABLED);
    assertThat(refusal(open("b", NOBODY_LISTENS)).kind()).isEqualTo(Refusal.Kind.UNKNOWN_DEVICE);
    assertThat(room.presences.online()).isZero();
  }

  @Test
  void a_device_that_is_deleted_and_registered_again_was_never_here() {
    Session session = answer(open("a", evictions::add));
    answer(room.registry.delete("a"));
    room.presences.forget("a");
    room.clock.addAndGet(1);
    room.register("a");

    assertThat(evictions).containsExactly("deleted");
    assertThat(room.presences.of(answer(room.registry.get("a"))).cause()).isEqualTo("never seen");
    assertThat(room.presences.of("a").session()).isZero();
    assertThat(open("a").epoch()).isGreaterThan(session.epoch());
  }

  @Test
  void a_session_that_was_still_opening_when_its_device_was_deleted_leaves_no_trace()
      throws Exception {
    // The claim is in the store, the device is deleted, and only then the session is entered.
    Session session = open("a");
    answer(room.registry.delete("a"));
    room.clock.addAndGet(1);
    room.register("a");
    room.presences.close(session, "revoked");
    Device again = answer(room.registry.get("a"));

    await().until(() -> room.presences.of(again).cause().equals("never seen"));
    assertThat(room.presences.of("a")).isEqualTo(Presence.neverSeen(0));
  }

  @Test
  void an_end_that_the_store_could_not_keep_is_kept_once_it_can() {
    room.register("b");
    Session session = open("a");
    // So many causes that the disk, which has no more room, cannot take them.
    answer(room.fleet.database().write(sql -> sql.query("PRAGMA max_page_count = 1", r -> "")));
    room.presences.close(session, "x".repeat(100_000));
    // Whoever shares its transaction is refused as well; either way its turn is over then.
    answer(room.fleet.database().write(sql -> sql.number("SELECT 1")).otherwise(0L));
    assertThat(causeKeptOf("a")).isEqualTo("connected");

    Session later = open("b");
    room.presences.close(later, "closed");
    open("b");
    room.restart();

    assertThat(room.presences.of("a").cause()).startsWith("xxx");
  }

  private String causeKeptOf(String device) {
    String query = "SELECT cause FROM session WHERE device = ?";
    return answer(
        room.fleet
            .database()
            .read(sql -> sql.first(query, row -> row.getString(1), device).orElse("")));
  }

  private Session open(String device) {
    return answer(open(device, NOBODY_LISTENS));
  }

  private Future<Session> open(String device, Eviction eviction) {
    return open(device, eviction, "::1");
  }

  private Future<Session> open(String device, Eviction eviction, String address) {
    return room.presences.open(device, Transport.WEBSOCKET, address, eviction);
  }
}

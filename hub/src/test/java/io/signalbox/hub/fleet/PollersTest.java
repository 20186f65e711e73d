package io.signalbox.hub.fleet;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Presence.State;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.Transport;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices that hold no connection: asleep between polls, then overdue, then offline. */
@SuppressWarnings("NullAway.Init") // set before each test
class PollersTest {
  private static final long MINUTE = 60_000;

  @TempDir Path directory;
  private FleetFixture fixture;
  private Session session;
  private final BlockingQueue<SessionEnd> evictions = new LinkedBlockingQueue<>();

  @BeforeEach
  void open() throws Exception {
    fixture = new FleetFixture(directory);
    fixture.register("a");
    session = poll();
    fixture.event();
    fixture.event();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Session poll() {
    return answer(fixture.sessions.open("a", Transport.HTTP, "10.0.0.7", evictions::add));
  }

  private boolean restsFor(long millis) {
    return fixture.sessions.markAsleep(session, fixture.clock.get() + millis);
  }

  private void pass(long millis) {
    // The sweep runs every second; a longer gap would count as a pause of the hub.
    for (long gone = 0; gone < millis; gone += 10_000) {
      fixture.clock.addAndGet(Math.min(10_000, millis - gone));
      fixture.sessions.sweep();
    }
  }

  private Presence presence() {
    return fixture.sessions.presence().of("a");
  }

  @Test
  void between_polls_a_device_is_asleep_with_its_next_contact() throws Exception {
    assertThat(restsFor(MINUTE)).isTrue();

    assertThat(presence())
        .isEqualTo(
            new Presence(
                State.ASLEEP,
                1_000_000,
                null,
                Transport.HTTP,
                session.epoch(),
                "10.0.0.7",
                1_000_000 + MINUTE,
                null));
    assertThat(fixture.event()).isEqualTo(new Event.PresenceChanged("a", presence()));
    assertThat(fixture.sessions.online()).isZero();
    assertThat(fixture.sessions.isCurrent(session)).isTrue();
    assertThat(fixture.sessions.session("a")).isEqualTo(session);
  }

  @Test
  void a_poll_in_time_moves_the_plan_without_an_event() throws Exception {
    restsFor(MINUTE);
    fixture.event();
    pass(MINUTE);

    assertThat(restsFor(2 * MINUTE)).isTrue();

    assertThat(presence().since()).isEqualTo(1_000_000);
    assertThat(presence().expected()).isEqualTo(1_000_000 + 3 * MINUTE);
    // Events of a topic are ordered: an event of the poll would precede this one.
    fixture.register("b");
    answer(fixture.sessions.open("b", Transport.HTTP, "10.0.0.8", evictions::add));
    Event next = fixture.event();
    assertThat(next instanceof Event.DeviceChanged ? fixture.event() : next)
        .isInstanceOfSatisfying(
            Event.PresenceChanged.class, change -> assertThat(change.device()).isEqualTo("b"));
  }

  @Test
  void a_device_with_a_held_poll_is_online() {
    restsFor(MINUTE);
    fixture.clock.addAndGet(MINUTE);

    assertThat(fixture.sessions.markAwake(session)).isTrue();

    assertThat(presence().state()).isEqualTo(State.ONLINE);
    assertThat(presence().since()).isEqualTo(1_000_000 + MINUTE);
    assertThat(presence().expected()).isNull();
    pass(10 * MINUTE);
    assertThat(presence().state()).isEqualTo(State.ONLINE);
    restsFor(MINUTE);
    assertThat(presence().since()).isEqualTo(1_000_000 + 11 * MINUTE);
  }

  @Test
  void after_its_plan_and_slack_a_poller_is_overdue_and_then_offline() throws Exception {
    restsFor(MINUTE);
    fixture.event();
    pass(MINUTE + 15_000);
    assertThat(presence().state()).isEqualTo(State.ASLEEP);

    pass(1_000);
    assertThat(presence().state()).isEqualTo(State.OVERDUE);
    assertThat(presence().cause()).isEqualTo("poll-missed");
    assertThat(presence().since()).isEqualTo(fixture.clock.get());
    assertThat(presence().expected()).isEqualTo(1_000_000 + MINUTE);
    assertThat(fixture.event()).isEqualTo(new Event.PresenceChanged("a", presence()));
    assertThat(fixture.sessions.isCurrent(session)).isTrue();

    pass(5 * MINUTE);
    assertThat(presence().state()).isEqualTo(State.OFFLINE);
    assertThat(presence().cause()).isEqualTo("overdue");
    assertThat(presence().expected()).isNull();
    assertThat(fixture.event()).isEqualTo(new Event.PresenceChanged("a", presence()));
    assertThat(evictions).containsExactly(Cause.OVERDUE);
  }

  @Test
  void the_grace_period_grows_with_the_poll_interval() {
    restsFor(60 * MINUTE);
    pass(75 * MINUTE);
    assertThat(presence().state()).isEqualTo(State.ASLEEP);
    pass(10_000);
    assertThat(presence().state()).isEqualTo(State.OVERDUE);
    pass(4 * 60 * MINUTE - 76 * MINUTE);
    assertThat(presence().state()).isEqualTo(State.OVERDUE);
    pass(2 * MINUTE);
    assertThat(presence().state()).isEqualTo(State.OFFLINE);
  }

  @Test
  void a_later_contact_makes_it_asleep_again() {
    restsFor(MINUTE);
    pass(2 * MINUTE);
    assertThat(presence().state()).isEqualTo(State.OVERDUE);
    restsFor(MINUTE);
    assertThat(presence().state()).isEqualTo(State.ASLEEP);
    assertThat(presence().since()).isEqualTo(fixture.clock.get());

    pass(10 * MINUTE);
    assertThat(restsFor(MINUTE)).isFalse();
    assertThat(fixture.sessions.markAwake(session)).isFalse();
    Session next = poll();
    assertThat(next.epoch()).isGreaterThan(session.epoch());
    assertThat(presence().state()).isEqualTo(State.ONLINE);
  }

  @Test
  void a_connection_replaces_a_poller_whose_later_polls_are_refused() {
    restsFor(MINUTE);
    answer(fixture.sessions.open("a", Transport.WEBSOCKET, "10.0.0.9", evictions::add));

    assertThat(evictions).containsExactly(new SessionEnd.Replaced("10.0.0.9", 0));
    assertThat(restsFor(MINUTE)).isFalse();
    assertThat(presence().state()).isEqualTo(State.ONLINE);
    pass(20 * MINUTE);
    assertThat(presence().state()).isEqualTo(State.ONLINE);
  }

  @Test
  void a_device_may_change_its_address() {
    Session moved = new Session("a", session.epoch(), Transport.HTTP, "10.0.0.8", session.since());
    fixture.sessions.markAsleep(moved, fixture.clock.get() + MINUTE);

    assertThat(presence().address()).isEqualTo("10.0.0.8");
  }

  @Test
  void polls_cost_no_write_of_their_own() {
    restsFor(MINUTE);
    pass(1_000);
    long written = writes();
    for (int i = 0; i < 1_000; i++) {
      fixture.clock.addAndGet(1);
      restsFor(MINUTE);
    }
    assertThat(writes()).isEqualTo(written);
    pass(10_000);
    assertThat(keptPlan()).isEqualTo(1_001_000 + 1_000 + MINUTE);
  }

  @Test
  void pollers_beyond_one_round_are_written_in_several_rounds() {
    int pollers = 6_000;
    List<NewDevice> fleet =
        IntStream.range(0, pollers)
            .mapToObj(i -> new NewDevice("p" + i, null, null, Map.of(), null))
            .toList();
    answer(fixture.registry.registerAll(fleet));
    List<Future<Session>> sessions =
        fleet.stream()
            .map(each -> fixture.sessions.open(each.id(), Transport.HTTP, "::1", evictions::add))
            .toList();
    sessions.forEach(
        each -> fixture.sessions.markAsleep(answer(each), fixture.clock.get() + MINUTE));

    fixture.sessions.sweep();
    assertThat(asleep()).isEqualTo(5_000);
    fixture.sessions.sweep();
    assertThat(asleep()).isEqualTo(pollers);
  }

  private long asleep() {
    return answer(
        fixture
            .fleet
            .database()
            .write(sql -> sql.number("SELECT count(*) FROM session WHERE state = 'asleep'")));
  }

  private long writes() {
    return answer(fixture.fleet.database().write(sql -> sql.number("SELECT total_changes()")));
  }

  private long keptPlan() {
    return answer(
        fixture.fleet.database().write(sql -> sql.number("SELECT expected FROM session")));
  }

  @Test
  void a_poller_within_its_interval_stays_asleep_over_a_restart() {
    restsFor(30 * MINUTE);
    fixture.sessions.close();
    fixture.clock.addAndGet(10 * MINUTE);
    fixture.restart();

    assertThat(presence().state()).isEqualTo(State.ASLEEP);
    assertThat(presence().since()).isEqualTo(1_000_000);
    assertThat(presence().expected()).isEqualTo(1_000_000 + 30 * MINUTE);
    assertThat(fixture.sessions.session("a")).isEqualTo(session);
    assertThat(restsFor(MINUTE)).isTrue();
  }

  @Test
  void a_poller_that_found_no_hub_at_its_planned_time_gets_time_to_return() {
    restsFor(MINUTE);
    fixture.sessions.close();
    fixture.clock.addAndGet(60 * MINUTE);
    fixture.restart();

    pass(15_000);
    assertThat(presence().state()).isEqualTo(State.ASLEEP);
    pass(10_000);
    assertThat(presence().state()).isEqualTo(State.OVERDUE);
    pass(5 * MINUTE);
    assertThat(presence().cause()).isEqualTo("overdue");
  }

  @Test
  void overdue_and_offline_devices_stay_so_after_a_restart() {
    restsFor(MINUTE);
    pass(2 * MINUTE);
    Presence overdue = presence();
    fixture.restart();
    assertThat(presence()).isEqualTo(overdue);

    pass(10 * MINUTE);
    Presence offline = presence();
    answer(fixture.fleet.database().read(sql -> sql.number("SELECT 1")));
    fixture.restart();
    assertThat(presence()).isEqualTo(offline);
    assertThat(offline.cause()).isEqualTo("overdue");
  }

  @Test
  void a_hub_pause_makes_no_poller_overdue() {
    restsFor(MINUTE);
    fixture.clock.addAndGet(60 * MINUTE);
    fixture.sessions.sweep();

    assertThat(presence().state()).isEqualTo(State.ASLEEP);
  }

  @Test
  void a_poller_that_is_deleted_is_forgotten() {
    restsFor(MINUTE);
    answer(fixture.registry.delete("a"));
    fixture.sessions.forget("a");

    assertThat(evictions).containsExactly(Cause.DELETED);
    assertThat(presence()).isEqualTo(Presence.neverSeen(0));
    assertThat(restsFor(MINUTE)).isFalse();
  }

  /**
   * Two threads use the same devices, a thousand times each: the sweep ends pollers, and these poll
   * at the same moment.
   */
  @Test
  void a_poller_that_polls_while_the_sweep_ends_it_keeps_its_session() throws Exception {
    List<String> ids = IntStream.range(0, 50).mapToObj(i -> "late-" + i).toList();
    ids.forEach(id -> fixture.register(id));
    pass(MINUTE);
    for (int round = 0; round < 300; round++) {
      List<Session> sessions = ids.stream().map(this::present).toList();
      long now = fixture.clock.addAndGet(1_000);
      sessions.forEach(each -> fixture.sessions.markAsleep(each, now - 10 * MINUTE));
      List<Session> accepted = new ArrayList<>();
      CyclicBarrier together = new CyclicBarrier(2);
      Thread polls =
          Thread.ofPlatform()
              .start(
                  () -> {
                    await(together);
                    sessions.stream()
                        .filter(each -> fixture.sessions.markAsleep(each, now + MINUTE))
                        .forEach(accepted::add);
                  });
      await(together);
      fixture.sessions.sweep();
      polls.join();

      assertThat(accepted).as("round " + round).allMatch(fixture.sessions::isCurrent);
    }
  }

  private Session present(String id) {
    Session present = fixture.sessions.session(id);
    return present == null
        ? answer(fixture.sessions.open(id, Transport.HTTP, "10.0.0.7", cause -> {}))
        : present;
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(120, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException failed) {
      throw new IllegalStateException(failed);
    }
  }
}

package io.signalbox.hub.fleet;

import static io.signalbox.hub.store.Answers.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Presence.State;
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
  private FleetRoom room;
  private Session session;
  private final BlockingQueue<String> evictions = new LinkedBlockingQueue<>();

  @BeforeEach
  void open() throws Exception {
    room = new FleetRoom(directory);
    room.register("a");
    session = poll();
    room.event();
    room.event();
  }

  @AfterEach
  void close() {
    room.close();
  }

  private Session poll() {
    return answer(room.presences.open("a", Transport.HTTP, "10.0.0.7", evictions::add));
  }

  private boolean restsFor(long millis) {
    return room.presences.rests(session, room.clock.get() + millis);
  }

  private void pass(long millis) {
    // The sweep goes round every second; a longer gap would be one in which the hub did not listen.
    for (long gone = 0; gone < millis; gone += 10_000) {
      room.clock.addAndGet(Math.min(10_000, millis - gone));
      room.presences.sweep();
    }
  }

  private Presence presence() {
    return room.presences.of("a");
  }

  @Test
  void between_two_polls_it_is_asleep_and_its_next_contact_is_told() throws Exception {
    assertThat(restsFor(MINUTE)).isTrue();

    assertThat(presence())
        .isEqualTo(
            new Presence(
                State.ASLEEP,
                1_000_000,
                "polling",
                Transport.HTTP,
                session.epoch(),
                "10.0.0.7",
                1_000_000 + MINUTE,
                null));
    assertThat(room.event()).isEqualTo(new Event.PresenceChanged("a", presence()));
    assertThat(room.presences.online()).isZero();
    assertThat(room.presences.isCurrent(session)).isTrue();
    assertThat(room.presences.session("a")).isEqualTo(session);
  }

  @Test
  void a_poll_in_time_moves_the_plan_and_makes_no_event() throws Exception {
    restsFor(MINUTE);
    room.event();
    pass(MINUTE);

    assertThat(restsFor(2 * MINUTE)).isTrue();

    assertThat(presence().since()).isEqualTo(1_000_000);
    assertThat(presence().expected()).isEqualTo(1_000_000 + 3 * MINUTE);
    // Events of one topic come in order: had there been one of the poll, it would be before this.
    room.register("b");
    answer(room.presences.open("b", Transport.HTTP, "10.0.0.8", evictions::add));
    Event next = room.event();
    assertThat(next instanceof Event.DeviceChanged ? room.event() : next)
        .isInstanceOfSatisfying(
            Event.PresenceChanged.class, change -> assertThat(change.device()).isEqualTo("b"));
  }

  @Test
  void a_held_poll_is_as_good_as_a_connection() {
    restsFor(MINUTE);
    room.clock.addAndGet(MINUTE);

    assertThat(room.presences.wakes(session)).isTrue();

    assertThat(presence().state()).isEqualTo(State.ONLINE);
    assertThat(presence().since()).isEqualTo(1_000_000 + MINUTE);
    assertThat(presence().expected()).isNull();
    pass(10 * MINUTE);
    assertThat(presence().state()).isEqualTo(State.ONLINE);
    restsFor(MINUTE);
    assertThat(presence().since()).isEqualTo(1_000_000 + 11 * MINUTE);
  }

  @Test
  void past_its_plan_and_some_slack_it_is_overdue_and_then_offline() throws Exception {
    restsFor(MINUTE);
    room.event();
    pass(MINUTE + 15_000);
    assertThat(presence().state()).isEqualTo(State.ASLEEP);

    pass(1_000);
    assertThat(presence().state()).isEqualTo(State.OVERDUE);
    assertThat(presence().cause()).isEqualTo("poll missed");
    assertThat(presence().since()).isEqualTo(room.clock.get());
    assertThat(presence().expected()).isEqualTo(1_000_000 + MINUTE);
    assertThat(room.event()).isEqualTo(new Event.PresenceChanged("a", presence()));
    assertThat(room.presences.isCurrent(session)).isTrue();

    pass(5 * MINUTE);
    assertThat(presence().state()).isEqualTo(State.OFFLINE);
    assertThat(presence().cause()).isEqualTo("overdue");
    assertThat(presence().expected()).isNull();
    assertThat(room.event()).isEqualTo(new Event.PresenceChanged("a", presence()));
    assertThat(evictions).containsExactly("overdue");
  }

  @Test
  void who_sleeps_for_long_is_waited_for_in_proportion() {
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
  void a_later_contact_brings_it_back() {
    restsFor(MINUTE);
    pass(2 * MINUTE);
    assertThat(presence().state()).isEqualTo(State.OVERDUE);
    restsFor(MINUTE);
    assertThat(presence().state()).isEqualTo(State.ASLEEP);
    assertThat(presence().since()).isEqualTo(room.clock.get());

    pass(10 * MINUTE);
    assertThat(restsFor(MINUTE)).isFalse();
    assertThat(room.presences.wakes(session)).isFalse();
    Session next = poll();
    assertThat(next.epoch()).isGreaterThan(session.epoch());
    assertThat(presence().state()).isEqualTo(State.ONLINE);
  }

  @Test
  void a_connection_takes_its_place_and_its_later_polls_are_told_so() {
    restsFor(MINUTE);
    answer(room.presences.open("a", Transport.WEBSOCKET, "10.0.0.9", evictions::add));

    assertThat(evictions).containsExactly("replaced by 10.0.0.9");
    assertThat(restsFor(MINUTE)).isFalse();
    assertThat(presence().state()).isEqualTo(State.ONLINE);
    pass(20 * MINUTE);
    assertThat(presence().state()).isEqualTo(State.ONLINE);
  }

  @Test
  void it_may_come_from_another_address_each_time() {
    Session moved = new Session("a", session.epoch(), Transport.HTTP, "10.0.0.8", session.since());
    room.presences.rests(moved, room.clock.get() + MINUTE);

    assertThat(presence().address()).isEqualTo("10.0.0.8");
  }

  @Test
  void polls_cost_no_write_of_their_own() {
    restsFor(MINUTE);
    pass(1_000);
    long written = writes();
    for (int i = 0; i < 1_000; i++) {
      room.clock.addAndGet(1);
      restsFor(MINUTE);
    }
    assertThat(writes()).isEqualTo(written);
    pass(10_000);
    assertThat(keptPlan()).isEqualTo(1_001_000 + 1_000 + MINUTE);
  }

  @Test
  void so_many_pollers_that_they_are_written_in_several_rounds_are_all_written() {
    int pollers = 6_000;
    List<NewDevice> fleet =
        IntStream.range(0, pollers)
            .mapToObj(i -> new NewDevice("p" + i, null, null, Map.of(), null))
            .toList();
    answer(room.registry.registerAll(fleet));
    List<Future<Session>> sessions =
        fleet.stream()
            .map(each -> room.presences.open(each.id(), Transport.HTTP, "::1", evictions::add))
            .toList();
    sessions.forEach(each -> room.presences.rests(answer(each), room.clock.get() + MINUTE));

    room.presences.sweep();
    assertThat(asleep()).isEqualTo(5_000);
    room.presences.sweep();
    assertThat(asleep()).isEqualTo(pollers);
  }

  private long asleep() {
    return answer(
        room.fleet
            .database()
            .write(sql -> sql.number("SELECT count(*) FROM session WHERE state = 'asleep'")));
  }

  private long writes() {
    return answer(room.fleet.database().write(sql -> sql.number("SELECT total_changes()")));
  }

  private long keptPlan() {
    return answer(room.fleet.database().write(sql -> sql.number("SELECT expected FROM session")));
  }

  @Test
  void one_that_was_inside_its_interval_when_the_hub_went_sleeps_on() {
    restsFor(30 * MINUTE);
    room.presences.close();
    room.clock.addAndGet(10 * MINUTE);
    room.restart();

    assertThat(presence().state()).isEqualTo(State.ASLEEP);
    assertThat(presence().since()).isEqualTo(1_000_000);
    assertThat(presence().expected()).isEqualTo(1_000_000 + 30 * MINUTE);
    assertThat(room.presences.session("a")).isEqualTo(session);
    assertThat(restsFor(MINUTE)).isTrue();
  }

  @Test
  void one_that_found_no_hub_at_the_time_it_had_planned_is_given_the_time_to_come_again() {
    restsFor(MINUTE);
    room.presences.close();
    room.clock.addAndGet(60 * MINUTE);
    room.restart();

    pass(15_000);
    assertThat(presence().state()).isEqualTo(State.ASLEEP);
    pass(10_000);
    assertThat(presence().state()).isEqualTo(State.OVERDUE);
    pass(5 * MINUTE);
    assertThat(presence().cause()).isEqualTo("overdue");
  }

  @Test
  void who_was_overdue_or_offline_is_so_after_a_restart() {
    restsFor(MINUTE);
    pass(2 * MINUTE);
    Presence overdue = presence();
    room.restart();
    assertThat(presence()).isEqualTo(overdue);

    pass(10 * MINUTE);
    Presence offline = presence();
    answer(room.fleet.database().read(sql -> sql.number("SELECT 1")));
    room.restart();
    assertThat(presence()).isEqualTo(offline);
    assertThat(offline.cause()).isEqualTo("overdue");
  }

  @Test
  void while_the_hub_or_its_clock_stood_still_nobody_was_late() {
    restsFor(MINUTE);
    room.clock.addAndGet(60 * MINUTE);
    room.presences.sweep();

    assertThat(presence().state()).isEqualTo(State.ASLEEP);
  }

  @Test
  void a_poller_that_is_deleted_is_forgotten() {
    restsFor(MINUTE);
    answer(room.registry.delete("a"));
    room.presences.forget("a");

    assertThat(evictions).containsExactly("deleted");
    assertThat(presence()).isEqualTo(Presence.neverSeen(0));
    assertThat(restsFor(MINUTE)).isFalse();
  }

  /**
   * Two threads meet in the same devices, a thousand times each: the sweep gives up pollers, and
   * they come in that very moment.
   */
  @Test
  void a_poller_that_comes_while_the_sweep_gives_it_up_keeps_its_session() throws Exception {
    List<String> ids = IntStream.range(0, 50).mapToObj(i -> "late-" + i).toList();
    ids.forEach(id -> room.register(id));
    pass(MINUTE);
    for (int round = 0; round < 300; round++) {
      List<Session> sessions = ids.stream().map(this::present).toList();
      long now = room.clock.addAndGet(1_000);
      sessions.forEach(each -> room.presences.rests(each, now - 10 * MINUTE));
      List<Session> accepted = new ArrayList<>();
      CyclicBarrier together = new CyclicBarrier(2);
      Thread polls =
          Thread.ofPlatform()
              .start(
                  () -> {
                    await(together);
                    sessions.stream()
                        .filter(each -> room.presences.rests(each, now + MINUTE))
                        .forEach(accepted::add);
                  });
      await(together);
      room.presences.sweep();
      polls.join();

      assertThat(accepted).as("round " + round).allMatch(room.presences::isCurrent);
    }
  }

  private Session present(String id) {
    Session present = room.presences.session(id);
    return present == null
        ? answer(room.presences.open(id, Transport.HTTP, "10.0.0.7", cause -> {}))
        : present;
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException failed) {
      throw new IllegalStateException(failed);
    }
  }
}

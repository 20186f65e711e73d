package io.signalbox.hub.fleet;

import static io.signalbox.hub.store.Answers.answer;
import static io.signalbox.hub.store.Answers.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Presence.Flapping;
import io.signalbox.hub.model.Presence.State;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Transport;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices that do not come to rest are named, and those that fight for an id are slowed. */
@SuppressWarnings("NullAway.Init") // set before each test
class FlappingTest {
  private static final String ANNA = "10.0.0.7:5121";
  private static final String BERT = "10.0.0.9:6011";

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

  private Future<Session> opening(String address) {
    room.clock.addAndGet(100);
    return room.presences.open("a", Transport.WEBSOCKET, address, evictions::add);
  }

  private Session opened(String address) {
    return answer(opening(address));
  }

  private @Nullable Flapping name() {
    return room.presences.of("a").flapping();
  }

  private void comeAndGo(int times) {
    for (int i = 0; i < times; i++) {
      Session session = opened(ANNA);
      room.clock.addAndGet(10_000);
      room.presences.close(session, "lost");
    }
  }

  /** Anna and Bert each displace the other, who answers; Bert has it in the end. */
  private Session fight() {
    Session first = opened(ANNA);
    Session second = opened(BERT);
    room.presences.lives(first);
    Session third = opened(ANNA);
    room.presences.lives(second);
    Session fourth = opened(BERT);
    room.presences.lives(third);
    return fourth;
  }

  @Test
  void who_comes_and_goes_too_often_is_unsteady() {
    comeAndGo(2);
    Session session = opened(ANNA);
    assertThat(name()).isNull();

    room.presences.close(session, "lost");

    assertThat(name()).isEqualTo(new Flapping(Flapping.Kind.UNSTEADY, 6, 1_000_100, List.of(ANNA)));
    assertThat(room.presences.of("a").state()).isEqualTo(State.OFFLINE);
    opened(ANNA);
    assertThat(Objects.requireNonNull(name()).changes()).isEqualTo(7);
  }

  @Test
  void who_comes_and_goes_now_and_then_is_not() {
    for (int i = 0; i < 20; i++) {
      Session session = opened(ANNA);
      room.clock.addAndGet(80_000);
      room.presences.close(session, "closed");
      room.clock.addAndGet(80_000);
    }
    assertThat(name()).isNull();
  }

  @Test
  void what_the_hub_does_itself_is_not_held_against_a_device() {
    for (int i = 0; i < 10; i++) {
      opened(ANNA);
      room.restart();
    }
    assertThat(name()).isNull();
  }

  @Test
  void the_name_goes_away_when_it_has_been_calm_for_a_while_and_that_is_an_event() {
    comeAndGo(3);
    room.clock.addAndGet(300_000);
    room.presences.sweep();
    assertThat(name()).isNotNull();
    opened(ANNA);

    room.clock.addAndGet(300_001);
    room.presences.sweep();

    assertThat(name()).isNull();
    Event told = new Event.PresenceChanged("a", room.presences.of("a"));
    await().until(() -> room.events.contains(told));
  }

  @Test
  void two_that_take_the_id_from_each_other_are_both_named() {
    fight();

    assertThat(name())
        .isEqualTo(new Flapping(Flapping.Kind.CONTESTED, 7, 1_000_100, List.of(BERT, ANNA)));
    Event told = new Event.PresenceChanged("a", room.presences.of("a"));
    await().until(() -> room.events.contains(told));
  }

  @Test
  void a_device_that_comes_back_before_it_was_missed_is_let_in_each_time() {
    for (int i = 0; i < 5; i++) {
      opened(ANNA);
    }
    assertThat(evictions).hasSize(4).containsOnly("replaced by " + ANNA);
    assertThat(Objects.requireNonNull(name()).kind()).isEqualTo(Flapping.Kind.UNSTEADY);
  }

  @Test
  void the_loser_of_a_fight_waits_and_is_told_for_how_long_and_who_holds_the_id() {
    Session holder = fight();

    Refusal refusal = refusal(opening(ANNA));

    assertThat(refusal.kind()).isEqualTo(Refusal.Kind.TOO_FAST);
    assertThat(refusal.retryAfter()).isEqualTo(1);
    assertThat(refusal.detail())
        .isEqualTo(
            "device a is held by 10.0.0.9:6011; two connections take it from each other:"
                + " try again in 1 s");
    assertThat(room.presences.isCurrent(holder)).isTrue();
  }

  @Test
  void who_waits_gets_it_and_then_the_other_waits_longer() {
    fight();
    List<Integer> waits = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String address = i % 2 == 0 ? ANNA : BERT;
      int seconds = refusal(opening(address)).retryAfter();
      waits.add(seconds);
      room.clock.addAndGet(seconds * 1_000L);
      opened(address);
    }

    assertThat(waits).containsExactly(1, 2, 4, 8, 16, 30, 30, 30);
    assertThat(evictions.stream().skip(evictions.size() - 1))
        .containsExactly(
            "replaced by 10.0.0.9:6011; two connections fight for this id; Retry-After: 30");
  }

  @Test
  void an_id_that_nobody_holds_is_given_at_once() {
    room.presences.close(fight(), "closed");

    assertThat(opened(ANNA).address()).isEqualTo(ANNA);
  }

  @Test
  void after_a_calm_the_first_takeover_is_at_once_again() {
    fight();
    room.clock.addAndGet(300_001);
    room.presences.sweep();

    assertThat(name()).isNull();
    opened(ANNA);
    opened(BERT);
    assertThat(name()).isNull();
  }

  @Test
  void a_clock_that_jumps_back_locks_nobody_out_for_longer_than_was_said() {
    fight();
    room.clock.stepWall(-3_600_000);
    room.clock.advance(30_000);

    opened(ANNA);
  }

  @Test
  void a_deleted_devices_name_goes_with_it() {
    fight();
    answer(room.registry.delete("a"));
    room.presences.forget("a");
    room.register("a");

    opened(ANNA);
    assertThat(name()).isNull();
  }
}

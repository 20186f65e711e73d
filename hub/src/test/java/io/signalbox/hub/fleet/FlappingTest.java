package io.signalbox.hub.fleet;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Presence.Flapping;
import io.signalbox.hub.model.Presence.State;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.SessionEnd.Replaced;
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

/** Flapping devices are reported, and takeovers of contested ids are delayed. */
@SuppressWarnings("NullAway.Init") // set before each test
class FlappingTest {
  private static final String ANNA = "10.0.0.7:5121";
  private static final String BERT = "10.0.0.9:6011";

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

  private Future<Session> opening(String address) {
    fixture.clock.addAndGet(100);
    return fixture.sessions.open("a", Transport.WEBSOCKET, address, evictions::add);
  }

  private Session opened(String address) {
    return answer(opening(address));
  }

  private @Nullable Flapping name() {
    return fixture.sessions.presence().of("a").flapping();
  }

  private void reconnect(int times) {
    for (int i = 0; i < times; i++) {
      Session session = opened(ANNA);
      fixture.clock.addAndGet(10_000);
      fixture.sessions.close(session, Cause.LOST);
    }
  }

  /** Two connections displace each other and both answer; the second one holds the id at last. */
  private Session contest() {
    Session first = opened(ANNA);
    Session second = opened(BERT);
    fixture.sessions.confirmAlive(first);
    Session third = opened(ANNA);
    fixture.sessions.confirmAlive(second);
    Session fourth = opened(BERT);
    fixture.sessions.confirmAlive(third);
    return fourth;
  }

  @Test
  void frequent_reconnects_are_flapping() {
    reconnect(2);
    Session session = opened(ANNA);
    assertThat(name()).isNull();

    fixture.sessions.close(session, Cause.LOST);

    assertThat(name()).isEqualTo(new Flapping(Flapping.Kind.UNSTABLE, 6, 1_000_100, List.of(ANNA)));
    assertThat(fixture.sessions.presence().of("a").state()).isEqualTo(State.OFFLINE);
    opened(ANNA);
    assertThat(Objects.requireNonNull(name()).changes()).isEqualTo(7);
  }

  @Test
  void occasional_reconnects_are_not_flapping() {
    for (int i = 0; i < 20; i++) {
      Session session = opened(ANNA);
      fixture.clock.addAndGet(80_000);
      fixture.sessions.close(session, Cause.CLOSED);
      fixture.clock.addAndGet(80_000);
    }
    assertThat(name()).isNull();
  }

  @Test
  void disconnections_by_the_hub_do_not_count_as_flapping() {
    for (int i = 0; i < 10; i++) {
      opened(ANNA);
      fixture.restart();
    }
    assertThat(name()).isNull();
  }

  @Test
  void a_session_that_ended_with_its_node_does_not_count_as_flapping() {
    for (int i = 0; i < 10; i++) {
      fixture.sessions.close(opened(ANNA), Cause.NODE_LOST);
    }

    assertThat(name()).isNull();
  }

  @Test
  void flapping_ends_after_the_window_with_an_event() {
    reconnect(3);
    fixture.clock.addAndGet(300_000);
    fixture.sessions.sweep();
    assertThat(name()).isNotNull();
    opened(ANNA);

    fixture.clock.addAndGet(300_001);
    fixture.sessions.sweep();

    assertThat(name()).isNull();
    Event event = new Event.PresenceChanged("a", fixture.sessions.presence().of("a"));
    await().until(() -> fixture.events.contains(event));
  }

  @Test
  void two_devices_that_displace_each_other_are_both_reported() {
    contest();

    assertThat(name())
        .isEqualTo(new Flapping(Flapping.Kind.CONTESTED, 7, 1_000_100, List.of(BERT, ANNA)));
    Event event = new Event.PresenceChanged("a", fixture.sessions.presence().of("a"));
    await().until(() -> fixture.events.contains(event));
  }

  @Test
  void a_device_that_reconnects_before_it_was_missed_is_always_admitted() {
    for (int i = 0; i < 5; i++) {
      opened(ANNA);
    }
    assertThat(evictions).hasSize(4).containsOnly(new Replaced(ANNA, 0));
    assertThat(Objects.requireNonNull(name()).kind()).isEqualTo(Flapping.Kind.UNSTABLE);
  }

  @Test
  void the_loser_of_a_contest_gets_the_wait_time_and_the_holder() {
    Session holder = contest();

    Refusal refusal = refusal(opening(ANNA));

    assertThat(refusal.kind()).isEqualTo(Refusal.ErrorCode.RATE_LIMITED);
    assertThat(refusal.retryAfter()).isEqualTo(1);
    assertThat(refusal.detail())
        .isEqualTo(
            "device a is held by 10.0.0.9:6011; two connections compete for it:"
                + " try again in 1 s");
    assertThat(fixture.sessions.isCurrent(holder)).isTrue();
  }

  @Test
  void the_waiting_device_gets_the_id_and_the_other_waits_longer() {
    contest();
    List<Integer> waits = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String address = i % 2 == 0 ? ANNA : BERT;
      int seconds = refusal(opening(address)).retryAfter();
      waits.add(seconds);
      fixture.clock.addAndGet(seconds * 1_000L);
      opened(address);
    }

    assertThat(waits).containsExactly(1, 2, 4, 8, 16, 30, 30, 30);
    assertThat(evictions.stream().skip(evictions.size() - 1))
        .containsExactly(new Replaced("10.0.0.9:6011", 30));
  }

  @Test
  void an_id_without_a_session_is_granted_at_once() {
    fixture.sessions.close(contest(), Cause.CLOSED);

    assertThat(opened(ANNA).address()).isEqualTo(ANNA);
  }

  @Test
  void after_the_flapping_window_the_first_takeover_is_immediate_again() {
    contest();
    fixture.clock.addAndGet(300_001);
    fixture.sessions.sweep();

    assertThat(name()).isNull();
    opened(ANNA);
    opened(BERT);
    assertThat(name()).isNull();
  }

  @Test
  void a_clock_step_back_does_not_extend_a_lockout() {
    contest();
    fixture.clock.stepWall(-3_600_000);
    fixture.clock.advance(30_000);

    opened(ANNA);
  }

  @Test
  void deleting_a_device_clears_its_flapping_state() {
    contest();
    answer(fixture.registry.delete("a"));
    fixture.sessions.forget("a");
    fixture.register("a");

    opened(ANNA);
    assertThat(name()).isNull();
  }
}

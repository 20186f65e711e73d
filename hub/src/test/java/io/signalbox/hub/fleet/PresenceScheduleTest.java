package io.signalbox.hub.fleet;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Presence.State;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.Transport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random sessions of one device, restarts of the hub and a clock that jumps, against a model of two
 * lines: the session that was opened last is the present one until it is closed.
 */
@SuppressWarnings("NullAway.Init") // set before each schedule
class PresenceScheduleTest {
  private static final int STEPS = 60;

  @TempDir Path directory;
  private FleetFixture fixture;
  private Random random;
  private final List<Session> opened = new ArrayList<>();
  private final List<SessionEnd> evictions = new ArrayList<>();
  private @Nullable Session present;
  private String cause = "never-seen";
  private int expectedEvictions;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void in_every_schedule_the_newest_session_is_current(long seed) {
    random = new Random(seed);
    try (FleetFixture fresh = new FleetFixture(directory)) {
      fixture = fresh;
      fixture.register("a");
      for (int step = 0; step < STEPS; step++) {
        fixture.clock.set(random.nextLong(1_000_000, 2_000_000));
        doSomething();
        assertThat(seen()).as("seed %d, step %d", seed, step).isEqualTo(expected());
        assertThat(evictions).hasSize(expectedEvictions);
      }
    }
  }

  private void doSomething() {
    switch (random.nextInt(12)) {
      case 0 -> restart();
      case 1, 2 -> evict();
      case 3, 4, 5, 6 -> closeAny();
      default -> open();
    }
  }

  private void open() {
    Session session =
        answer(fixture.sessions.open("a", Transport.WEBSOCKET, "::1", evictions::add));
    assertThat(opened).allMatch(older -> older.epoch() < session.epoch());
    expectedEvictions += present == null ? 0 : 1;
    opened.add(session);
    present = session;
  }

  private void closeAny() {
    if (!opened.isEmpty()) {
      Session session = opened.get(random.nextInt(opened.size()));
      fixture.sessions.close(session, Cause.CLOSED);
      leaveIf(session.equals(present), Cause.CLOSED);
    }
  }

  private void evict() {
    fixture.sessions.evict("a", Cause.REVOKED);
    expectedEvictions += present == null ? 0 : 1;
    leaveIf(present != null, Cause.REVOKED);
  }

  private void restart() {
    fixture.restart();
    leaveIf(present != null, Cause.HUB_RESTARTED);
  }

  private void leaveIf(boolean leaves, SessionEnd end) {
    if (leaves) {
      present = null;
      cause = end.text();
    }
  }

  private Seen seen() {
    Presence presence = fixture.sessions.presence().of("a");
    List<Session> current = opened.stream().filter(fixture.sessions::isCurrent).toList();
    String why = presence.state() == State.ONLINE ? "connected" : presence.cause();
    return new Seen(presence.state(), why, presence.session(), current, fixture.sessions.online());
  }

  private Seen expected() {
    long epoch = opened.isEmpty() ? 0 : opened.getLast().epoch();
    return present == null
        ? new Seen(State.OFFLINE, cause, epoch, List.of(), 0)
        : new Seen(State.ONLINE, "connected", epoch, List.of(present), 1);
  }

  private record Seen(State state, String cause, long epoch, List<Session> current, int online) {}
}

package io.signalbox.hub.fleet;

import static io.signalbox.hub.store.Answers.answer;
import static io.signalbox.hub.store.Answers.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Transport;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random schedules of one id that two connections and a poller claim, with polls, silence, ends and
 * killed hubs, against {@link PresenceReference}.
 */
@SuppressWarnings("NullAway.Init") // set before each schedule
class FightScheduleTest {
  private static final int STEPS = 250;
  private static final String[] ADDRESSES = {"10.0.0.7:5121", "10.0.0.9:6011"};

  @TempDir Path directory;
  private FleetRoom room;
  private Random random;
  private PresenceReference reference;
  private final List<Session> displaced = new ArrayList<>();

  /** Plans of the present poller with the contact at which each was made. */
  private final Map<Long, Long> plans = new HashMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void whatever_happens_presence_is_as_the_protocol_tells_it(long seed) {
    random = new Random(seed);
    try (FleetRoom fresh = new FleetRoom(directory)) {
      room = fresh;
      room.register("a");
      reference = new PresenceReference(now());
      for (int step = 0; step < STEPS; step++) {
        doSomething();
        assertThat(room.presences.of("a"))
            .as("seed %d, step %d", seed, step)
            .isEqualTo(reference.presence());
      }
    }
  }

  private Presence seen() {
    return room.presences.of("a");
  }

  private long now() {
    return room.clock.get();
  }

  private void doSomething() {
    // Now and then everything happens fast, as in a fight, and else slowly.
    room.clock.addAndGet(random.nextInt(random.nextInt(4) == 0 ? 20_000 : 1_500));
    switch (random.nextInt(20)) {
      case 0 -> kill();
      case 1, 2 -> close();
      case 3, 4, 5, 6 -> poll();
      case 7, 8, 9 -> pass(random.nextInt(3) == 0 ? 900_000 : 20_000);
      case 10, 11, 12 -> displacedAnswers();
      default -> open(Transport.WEBSOCKET);
    }
  }

  private void open(Transport transport) {
    int wait = reference.secondsToWait(now());
    String address = ADDRESSES[random.nextInt(2)];
    Future<Session> opening = room.presences.open("a", transport, address, cause -> {});
    if (wait > 0) {
      Refusal refusal = refusal(opening);
      assertThat(refusal.kind()).isEqualTo(Refusal.Kind.TOO_FAST);
      assertThat(refusal.retryAfter()).isEqualTo(wait);
      return;
    }
    Session older = reference.session;
    if (older != null) {
      displaced.add(older);
    }
    reference.opened(answer(opening), now());
    plans.clear();
  }

  private void poll() {
    Session session = reference.session;
    if (session == null || session.transport() != Transport.HTTP) {
      open(Transport.HTTP);
    } else if (random.nextBoolean()) {
      long expected = now() + random.nextInt(120_000);
      assertThat(room.presences.rests(session, expected)).isTrue();
      reference.rests(expected, now());
      plans.put(expected, now());
    } else {
      assertThat(room.presences.wakes(session)).isTrue();
      reference.wakes(now());
    }
  }

  private void close() {
    if (!displaced.isEmpty() && random.nextBoolean()) {
      room.presences.close(displaced.getFirst(), "closed");
      assertThat(room.presences.rests(displaced.getFirst(), now())).isFalse();
    } else if (reference.session != null) {
      room.presences.close(Objects.requireNonNull(reference.session), "closed");
      reference.ended("closed", now());
    }
  }

  private void displacedAnswers() {
    if (!displaced.isEmpty()) {
      room.presences.lives(displaced.removeLast());
      reference.answeredItsEnd(now());
    }
  }

  private void pass(long millis) {
    for (long gone = 0; gone < millis; gone += 5_000) {
      room.clock.addAndGet(5_000);
      sweep();
    }
  }

  private void sweep() {
    room.presences.sweep();
    reference.swept(now());
  }

  /** How a poller stands is with the store since the last sweep; a plan may be older than that. */
  private void kill() {
    sweep();
    room.restart();
    Long kept = seen().expected();
    if (kept != null) {
      assertThat(plans).containsKey(kept);
    }
    reference.restarted(kept, kept == null ? 0 : plans.getOrDefault(kept, 0L), now());
    reference.session = room.presences.session("a");
  }
}

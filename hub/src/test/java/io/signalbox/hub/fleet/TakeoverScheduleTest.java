package io.signalbox.hub.fleet;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.SessionEnd.Cause;
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
 * killed hubs, against {@link PresenceReferenceModel}.
 */
@SuppressWarnings("NullAway.Init") // set before each schedule
class TakeoverScheduleTest {
  private static final int STEPS = 250;
  private static final String[] ADDRESSES = {"10.0.0.7:5121", "10.0.0.9:6011"};

  @TempDir Path directory;
  private FleetFixture fixture;
  private Random random;
  private PresenceReferenceModel reference;
  private final List<Session> displaced = new ArrayList<>();

  /** Plans of the present poller with the contact that created each. */
  private final Map<Long, Long> plans = new HashMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void in_every_schedule_presence_follows_the_protocol(long seed) {
    random = new Random(seed);
    try (FleetFixture fresh = new FleetFixture(directory)) {
      fixture = fresh;
      fixture.register("a");
      reference = new PresenceReferenceModel(now());
      for (int step = 0; step < STEPS; step++) {
        doSomething();
        assertThat(fixture.sessions.presence().of("a"))
            .as("seed %d, step %d", seed, step)
            .isEqualTo(reference.presence());
      }
    }
  }

  private Presence seen() {
    return fixture.sessions.presence().of("a");
  }

  private long now() {
    return fixture.clock.get();
  }

  private void doSomething() {
    // Sometimes everything happens fast, as in a contest, otherwise slowly.
    fixture.clock.addAndGet(random.nextInt(random.nextInt(4) == 0 ? 20_000 : 1_500));
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
    Future<Session> opening = fixture.sessions.open("a", transport, address, cause -> {});
    if (wait > 0) {
      Refusal refusal = refusal(opening);
      assertThat(refusal.kind()).isEqualTo(Refusal.ErrorCode.RATE_LIMITED);
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
      assertThat(fixture.sessions.markAsleep(session, expected)).isTrue();
      reference.rests(expected, now());
      plans.put(expected, now());
    } else {
      assertThat(fixture.sessions.markAwake(session)).isTrue();
      reference.wakes(now());
    }
  }

  private void close() {
    if (!displaced.isEmpty() && random.nextBoolean()) {
      fixture.sessions.close(displaced.getFirst(), Cause.CLOSED);
      assertThat(fixture.sessions.markAsleep(displaced.getFirst(), now())).isFalse();
    } else if (reference.session != null) {
      fixture.sessions.close(Objects.requireNonNull(reference.session), Cause.CLOSED);
      reference.ended(Cause.CLOSED, now());
    }
  }

  private void displacedAnswers() {
    if (!displaced.isEmpty()) {
      fixture.sessions.confirmAlive(displaced.removeLast());
      reference.answeredItsEnd(now());
    }
  }

  private void pass(long millis) {
    for (long gone = 0; gone < millis; gone += 5_000) {
      fixture.clock.addAndGet(5_000);
      sweep();
    }
  }

  private void sweep() {
    fixture.sessions.sweep();
    reference.swept(now());
  }

  /** The state of a poller was stored by the last sweep; its plan may be older. */
  private void kill() {
    sweep();
    fixture.restart();
    Long kept = seen().expected();
    if (kept != null) {
      assertThat(plans).containsKey(kept);
    }
    reference.restarted(kept, kept == null ? 0 : plans.getOrDefault(kept, 0L), now());
    reference.session = fixture.sessions.session("a");
  }
}

package io.signalbox.hub.command;

import static io.signalbox.hub.command.Workshop.DEVICE;
import static io.signalbox.hub.store.Answers.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.command.Workshop.Line;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random schedules, from seeds, of everything that can happen to a device's commands: after each
 * step the room and a simple {@link Reference} agree, and at the end every command has ended.
 */
class SchedulesTest {
  private static final int STEPS = 250;
  private static final State[] ANSWERS = {
    State.ACCEPTED, State.SUCCEEDED, State.FAILED, State.REJECTED
  };

  /** Every step that a timeline may take. */
  private static final Map<State, Set<State>> ALLOWED =
      new EnumMap<>(
          Map.of(
              State.QUEUED,
              EnumSet.complementOf(EnumSet.of(State.QUEUED)),
              State.SENT,
              EnumSet.complementOf(EnumSet.of(State.SENT, State.CANCELLED, State.SUPERSEDED)),
              State.ACCEPTED,
              EnumSet.of(State.SUCCEEDED, State.FAILED, State.REJECTED, State.EXPIRED)));

  @TempDir private Path scratch;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void whatever_happens_the_room_does_what_the_reference_says(long seed) {
    try (Workshop workshop = new Workshop(scratch, Reference.SETTINGS)) {
      Schedule schedule = new Schedule(workshop, new Random(seed));
      for (int step = 0; step < STEPS; step++) {
        String what = schedule.step();
        assertThat(schedule.actual())
            .as("seed %d, step %d: %s", seed, step, what)
            .isEqualTo(schedule.reference.states());
      }
      schedule.end();
    }
  }

  /** One run: what was done so far, on both sides. */
  private static final class Schedule {
    private final Workshop workshop;
    private final Random random;
    private final Reference reference;
    private final List<Line> lines = new ArrayList<>();
    private @Nullable Line present;

    Schedule(Workshop workshop, Random random) {
      this.workshop = workshop;
      this.random = random;
      this.reference = new Reference(workshop.clock::get);
    }

    String step() {
      return switch (random.nextInt(20)) {
        case 0, 1, 2, 3, 4 -> submit();
        case 5, 6 -> connect();
        case 7, 8 -> disconnect();
        case 9, 10, 11, 12, 13, 14 -> say();
        case 15, 16 -> cancel();
        case 17, 18 -> pass();
        default -> restart();
      };
    }

    List<String> actual() {
      return reference.ids().stream().map(this::stateOf).toList();
    }

    void end() {
      workshop.pass(Duration.ofDays(60));
      reference.settle();
      assertThat(actual()).isEqualTo(reference.states());
      reference.ids().forEach(id -> hasLivedWell(workshop.get(id)));
      lines.forEach(line -> assertThat(reference.inOrder(line.delivered())).isTrue());
    }

    private String submit() {
      Duration ttl = Duration.ofSeconds(1 + random.nextInt(60));
      Long notBefore =
          random.nextInt(4) == 0 ? (Long) (workshop.clock.get() + random.nextInt(30_000)) : null;
      String collapse = random.nextInt(3) == 0 ? "key" + random.nextInt(2) : null;
      NewCommand request = new NewCommand("x", "{}", ttl, notBefore, collapse, null, null);
      String outcome = outcome(workshop.commands().submit(DEVICE, request, "ann"));
      return "submit " + reference.submit(outcome, request);
    }

    private String connect() {
      Line line = workshop.connect(DEVICE);
      lines.add(line);
      present = line;
      reference.connect(line.session().epoch());
      return "connect " + line.session().epoch();
    }

    /** Sometimes it is an older session whose end is heard of late. */
    private String disconnect() {
      Line line = someLine();
      if (line == null) {
        return "nothing";
      }
      line.detach("closed");
      reference.disconnect(line.session().epoch());
      return "disconnect " + line.session().epoch();
    }

    /** Sometimes late, twice, through an older session, or of what was never sent. */
    private String say() {
      Line line = someLine();
      String id = someId();
      if (line == null || id == null) {
        return "nothing";
      }
      State status = ANSWERS[random.nextInt(ANSWERS.length)];
      String outcome = outcome(line.says(id, status));
      String expected = reference.say(line.session().epoch(), id, status);
      assertThat(outcome).as("%s says %s", line.session().epoch(), status).isEqualTo(expected);
      return "say " + status + " of " + id;
    }

    private String cancel() {
      String id = someId();
      if (id == null) {
        return "nothing";
      }
      String outcome = outcome(workshop.commands().cancel(id, "ann"));
      assertThat(outcome).as("cancel").isEqualTo(reference.cancel(id));
      return "cancel " + id;
    }

    private String pass() {
      Duration time = Duration.ofMillis(random.nextInt(20_000));
      workshop.pass(time);
      reference.settle();
      return "pass " + time;
    }

    private String restart() {
      boolean killed = random.nextBoolean();
      if (killed) {
        workshop.kill();
      } else {
        workshop.restart();
      }
      lines.clear();
      reference.restart();
      return killed ? "kill" : "restart";
    }

    private @Nullable Line someLine() {
      return random.nextInt(4) == 0 && !lines.isEmpty()
          ? lines.get(random.nextInt(lines.size()))
          : lines.isEmpty() ? null : present;
    }

    private @Nullable String someId() {
      List<String> ids = reference.ids();
      int among = Math.min(ids.size(), 8);
      return ids.isEmpty() ? null : ids.get(ids.size() - 1 - random.nextInt(among));
    }

    private String stateOf(String id) {
      return workshop.get(id).state().name();
    }

    private String outcome(Future<?> future) {
      try {
        Object value = answer(future);
        workshop.quiet();
        return value instanceof Command command ? command.id() : "done";
      } catch (Refusal refusal) {
        return refusal.kind().name();
      }
    }

    private static void hasLivedWell(Command command) {
      List<State> states = command.timeline().stream().map(Command.Step::state).toList();
      assertThat(states.getFirst()).isEqualTo(State.QUEUED);
      assertThat(states.getLast().isFinal()).isTrue();
      for (int i = 1; i < states.size(); i++) {
        assertThat(ALLOWED.get(states.get(i - 1))).contains(states.get(i));
      }
      assertThat(command.timeline()).extracting(Command.Step::ts).isSorted();
    }
  }
}

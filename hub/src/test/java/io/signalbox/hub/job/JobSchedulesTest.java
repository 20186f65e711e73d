package io.signalbox.hub.job;

import static io.signalbox.hub.store.Answers.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.job.Hand.Manner;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.Standing;
import io.signalbox.hub.model.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random schedules, from seeds, of what can happen while jobs run: devices come and go and answer
 * in their manner or not at all, the hub is stopped and killed, somebody takes a job back, a job
 * gives up. At every moment the counts are those of the devices and add up; in the end every job is
 * over, and every device of it has come to what its manner says, unless the job was halted.
 */
class JobSchedulesTest {
  private static final int STEPS = 25;
  private static final int DEVICES = 40;
  private static final List<Manner> MANNERS = List.of(Manner.values());

  @TempDir private Path scratch;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void whatever_happens_the_counts_are_true_and_every_job_ends(long seed) {
    try (Yard yard = new Yard(scratch)) {
      Schedule schedule = new Schedule(yard, new Random(seed));
      for (int step = 0; step < STEPS; step++) {
        String what = schedule.step();
        schedule.check("seed %d, step %d: %s".formatted(seed, step, what));
      }
      schedule.end("seed " + seed);
    }
  }

  /** The reference: what comes of a device that is left alone with its command. */
  private static @Nullable Manner manner(String device) {
    int number = Integer.parseInt(device.substring(1));
    return number % 7 == 6 ? null : MANNERS.get(number % MANNERS.size());
  }

  private static Standing outcome(String device) {
    Manner manner = manner(device);
    if (device.startsWith("x")) {
      return Standing.REFUSED;
    }
    if (manner == null) {
      return Standing.EXPIRED;
    }
    return switch (manner) {
      case SUCCEEDS -> Standing.SUCCEEDED;
      case FAILS -> Standing.FAILED;
      case REJECTS -> Standing.REJECTED;
      case ACCEPTS, IS_SILENT -> Standing.EXPIRED;
    };
  }

  /** One run. */
  private static final class Schedule {
    private final Yard yard;
    private final Random random;
    private final List<String> fleet;
    private final List<Job> jobs = new ArrayList<>();
    private final List<Hand> hands = new ArrayList<>();
    private final Map<String, Hand> present = new HashMap<>();
    private final Set<String> expiring = new HashSet<>();

    Schedule(Yard yard, Random random) {
      this.yard = yard;
      this.random = random;
      this.fleet = yard.fleet(DEVICES);
    }

    String step() {
      return switch (random.nextInt(12)) {
        case 0, 1 -> jobs.size() < 2 ? submit() : connect();
        case 2, 3, 4, 5 -> connect();
        case 6, 7 -> disconnect();
        case 8, 9 -> pass();
        case 10 -> random.nextInt(4) == 0 ? cancel() : connect();
        default -> restart();
      };
    }

    /** A queue takes two, and there are two jobs: nobody is refused for that. */
    private String submit() {
      List<String> devices = new ArrayList<>(fleet);
      IntStream.range(0, random.nextInt(5)).forEach(i -> devices.add("x" + i));
      Collections.shuffle(devices, random);
      Integer atOnce = random.nextBoolean() ? (Integer) (1 + random.nextInt(12)) : null;
      Job.Stop stop =
          random.nextInt(3) == 0 ? new Job.Stop(0.4 + random.nextDouble() / 2, 10) : null;
      jobs.add(yard.submit(Yard.job(devices, atOnce, stop)));
      return "submit " + jobs.getLast();
    }

    private String connect() {
      for (int i = 0; i < 8; i++) {
        connect(fleet.get(random.nextInt(DEVICES)));
      }
      return "connect some";
    }

    private void connect(String device) {
      Manner manner = manner(device);
      if (manner != null) {
        Hand hand = yard.connect(device, manner);
        hands.add(hand);
        present.put(device, hand);
      }
    }

    private String disconnect() {
      List<String> here = List.copyOf(present.keySet());
      for (int i = 0; i < 4 && !here.isEmpty(); i++) {
        Hand hand = present.remove(here.get(random.nextInt(here.size())));
        if (hand != null) {
          hand.detach();
        }
      }
      return "disconnect some";
    }

    private String pass() {
      yard.pass(Duration.ofSeconds(random.nextInt(30)));
      return "pass";
    }

    private String cancel() {
      if (jobs.isEmpty()) {
        return "nothing";
      }
      Job job = jobs.get(random.nextInt(jobs.size()));
      try {
        answer(yard.jobs().cancel(job.id(), "bob"));
      } catch (Refusal over) {
        assertThat(over.kind()).isEqualTo(Refusal.Kind.JOB_OVER);
      }
      return "cancel";
    }

    private String restart() {
      present.clear();
      if (random.nextBoolean()) {
        yard.kill();
        return "kill";
      }
      yard.restart();
      return "restart";
    }

    void check(String when) {
      for (Job job : jobs) {
        Job now = yard.get(job);
        assertThat(now.tally().sum()).as(when).isEqualTo(job.total());
        Integer atOnce = job.order().atOnce();
        if (atOnce != null) {
          assertThat(now.tally().unfinished()).as(when).isLessThanOrEqualTo(atOnce);
        }
      }
    }

    /** Everybody comes; whoever then says nothing runs out of time. */
    void end(String when) {
      if (jobs.isEmpty()) {
        submit();
      }
      fleet.forEach(this::connect);
      await().until(this::isOverWithTime);
      check(when);
      jobs.forEach(job -> isTrue(yard.get(job), when));
      nobodyHadTwo(when);
    }

    private boolean isOverWithTime() {
      List<Errand> unfinished = jobs.stream().flatMap(job -> unfinished(job).stream()).toList();
      if (unfinished.stream().map(Errand::command).noneMatch(expiring::contains)
          && jobs.stream().allMatch(this::waitsForTimeOnly)) {
        unfinished.forEach(errand -> expiring.add(errand.command()));
        yard.pass(Duration.ofMinutes(61));
      }
      return jobs.stream().allMatch(job -> yard.get(job).isOver());
    }

    /** Whether those who have a command will never answer, and nobody else's turn comes before. */
    private boolean waitsForTimeOnly(Job job) {
      Job now = yard.get(job);
      List<Errand> unfinished = unfinished(job);
      Integer atOnce = job.order().atOnce();
      boolean nobodyNext =
          now.tally().of(Standing.WAITING) == 0 || (atOnce != null && unfinished.size() == atOnce);
      return now.isOver()
          || (nobodyNext
              && unfinished.stream().allMatch(each -> outcome(each.device()) == Standing.EXPIRED)
              && yard.get(job).version() == now.version());
    }

    private List<Errand> unfinished(Job job) {
      return yard.errands(job, Standing.QUEUED, Standing.SENT, Standing.ACCEPTED);
    }

    private void isTrue(Job job, String when) {
      Map<Standing, Integer> counted = new EnumMap<>(Standing.class);
      for (Errand errand : yard.errands(job)) {
        counted.merge(errand.standing(), 1, Integer::sum);
        isTrue(job, errand, when);
      }
      for (Standing standing : Standing.values()) {
        assertThat(job.tally().of(standing))
            .as("%s: %s", when, standing)
            .isEqualTo(counted.getOrDefault(standing, 0));
      }
    }

    private void isTrue(Job job, Errand errand, String when) {
      String command = errand.command();
      if (command != null) {
        Command kept = answer(yard.commands().get(command));
        assertThat(kept.state().name()).as(when).isEqualTo(errand.standing().name());
        assertThat(kept.state().isFinal()).as(when).isTrue();
        assertThat(kept.job()).isEqualTo(job.id());
      }
      Standing expected = outcome(errand.device());
      boolean halted = job.state() != Job.State.DONE;
      assertThat(errand.standing())
          .as("%s: %s", when, errand)
          .isIn(
              expected,
              halted ? Standing.CANCELLED : expected,
              halted ? Standing.SKIPPED : expected);
    }

    /** However often it was delivered, it was always the same command. */
    private void nobodyHadTwo(String when) {
      Map<String, String> commandOf = new HashMap<>();
      for (Hand hand : hands) {
        for (Command command : hand.delivered()) {
          String errand = command.job() + " " + hand.device();
          commandOf.putIfAbsent(errand, command.id());
          assertThat(commandOf).as(when).containsEntry(errand, command.id());
        }
      }
    }
  }
}

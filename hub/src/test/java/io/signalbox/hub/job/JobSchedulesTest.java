package io.signalbox.hub.job;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.job.JobDevice.Behaviour;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
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
 * Random schedules, from seeds, of events while jobs run: devices connect, disconnect and answer
 * according to their behaviour or not at all, the hub is stopped and killed, a job is cancelled or
 * aborts. At every moment the counts match the devices and add up; in the end every job has ended,
 * and every device has the outcome of its behaviour, unless the job was halted.
 */
class JobSchedulesTest {
  private static final int STEPS = 25;
  private static final int DEVICES = 40;
  private static final List<Behaviour> MANNERS = List.of(Behaviour.values());

  @TempDir private Path scratch;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void in_every_schedule_counts_are_correct_and_jobs_end(long seed) {
    try (JobFixture fixture = new JobFixture(scratch)) {
      Schedule schedule = new Schedule(fixture, new Random(seed));
      for (int step = 0; step < STEPS; step++) {
        String what = schedule.step();
        schedule.check("seed %d, step %d: %s".formatted(seed, step, what));
      }
      schedule.end("seed " + seed);
    }
  }

  /** The reference: the outcome of a device that processes its command undisturbed. */
  private static @Nullable Behaviour behaviour(String device) {
    int number = Integer.parseInt(device.substring(1));
    return number % 7 == 6 ? null : MANNERS.get(number % MANNERS.size());
  }

  private static ExecutionState outcome(String device) {
    Behaviour behaviour = behaviour(device);
    if (device.startsWith("x")) {
      return ExecutionState.REFUSED;
    }
    if (behaviour == null) {
      return ExecutionState.EXPIRED;
    }
    return switch (behaviour) {
      case SUCCEEDS -> ExecutionState.SUCCEEDED;
      case FAILS -> ExecutionState.FAILED;
      case REJECTS -> ExecutionState.REJECTED;
      case ACCEPTS, IS_SILENT -> ExecutionState.EXPIRED;
    };
  }

  /** One schedule. */
  private static final class Schedule {
    private final JobFixture fixture;
    private final Random random;
    private final List<String> fleet;
    private final List<Job> jobs = new ArrayList<>();
    private final List<JobDevice> hands = new ArrayList<>();
    private final Map<String, JobDevice> present = new HashMap<>();
    private final Set<String> expiring = new HashSet<>();

    Schedule(JobFixture fixture, Random random) {
      this.fixture = fixture;
      this.random = random;
      this.fleet = fixture.fleet(DEVICES);
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

    /** A queue takes two commands and there are two jobs, so no queue is full. */
    private String submit() {
      List<String> devices = new ArrayList<>(fleet);
      IntStream.range(0, random.nextInt(5)).forEach(i -> devices.add("x" + i));
      Collections.shuffle(devices, random);
      Integer maxConcurrent = random.nextBoolean() ? (Integer) (1 + random.nextInt(12)) : null;
      Job.FailureThreshold abort =
          random.nextInt(3) == 0
              ? new Job.FailureThreshold(0.4 + random.nextDouble() / 2, 10)
              : null;
      jobs.add(fixture.submit(JobFixture.job(devices, maxConcurrent, abort)));
      return "submit " + jobs.getLast();
    }

    private String connect() {
      for (int i = 0; i < 8; i++) {
        connect(fleet.get(random.nextInt(DEVICES)));
      }
      return "connect some";
    }

    private void connect(String device) {
      Behaviour behaviour = behaviour(device);
      if (behaviour != null) {
        JobDevice mode = fixture.connect(device, behaviour);
        hands.add(mode);
        present.put(device, mode);
      }
    }

    private String disconnect() {
      List<String> here = List.copyOf(present.keySet());
      for (int i = 0; i < 4 && !here.isEmpty(); i++) {
        JobDevice mode = present.remove(here.get(random.nextInt(here.size())));
        if (mode != null) {
          mode.detach();
        }
      }
      return "disconnect some";
    }

    private String pass() {
      fixture.pass(Duration.ofSeconds(random.nextInt(30)));
      return "pass";
    }

    private String cancel() {
      if (jobs.isEmpty()) {
        return "nothing";
      }
      Job job = jobs.get(random.nextInt(jobs.size()));
      try {
        answer(fixture.jobs().cancel(job.id(), "bob"));
      } catch (Refusal over) {
        assertThat(over.kind()).isEqualTo(Refusal.ErrorCode.JOB_FINISHED);
      }
      return "cancel";
    }

    private String restart() {
      present.clear();
      if (random.nextBoolean()) {
        fixture.kill();
        return "kill";
      }
      fixture.restart();
      return "restart";
    }

    void check(String when) {
      for (Job job : jobs) {
        Job now = fixture.get(job);
        assertThat(now.counts().sum()).as(when).isEqualTo(job.total());
        Integer maxConcurrent = job.spec().maxConcurrent();
        if (maxConcurrent != null) {
          assertThat(now.counts().unfinished()).as(when).isLessThanOrEqualTo(maxConcurrent);
        }
      }
    }

    /** All devices connect; commands of silent devices expire. */
    void end(String when) {
      if (jobs.isEmpty()) {
        submit();
      }
      fleet.forEach(this::connect);
      await().until(this::isOverWithTime);
      check(when);
      jobs.forEach(job -> checkJob(fixture.get(job), when));
      noDeviceGotTwoCommands(when);
    }

    private boolean isOverWithTime() {
      List<JobExecution> unfinished =
          jobs.stream().flatMap(job -> unfinished(job).stream()).toList();
      if (unfinished.stream().map(JobExecution::command).noneMatch(expiring::contains)
          && jobs.stream().allMatch(this::waitsForTimeOnly)) {
        unfinished.forEach(execution -> expiring.add(execution.command()));
        fixture.pass(Duration.ofMinutes(61));
      }
      return jobs.stream().allMatch(job -> fixture.get(job).isOver());
    }

    /** Whether only the time can end the job: no device will answer, and none is next. */
    private boolean waitsForTimeOnly(Job job) {
      Job now = fixture.get(job);
      List<JobExecution> unfinished = unfinished(job);
      Integer maxConcurrent = job.spec().maxConcurrent();
      boolean noneNext =
          now.counts().of(ExecutionState.WAITING) == 0
              || (maxConcurrent != null && unfinished.size() == maxConcurrent);
      return now.isOver()
          || (noneNext
              && unfinished.stream()
                  .allMatch(each -> outcome(each.device()) == ExecutionState.EXPIRED)
              && fixture.get(job).version() == now.version());
    }

    private List<JobExecution> unfinished(Job job) {
      return fixture.executions(
          job, ExecutionState.QUEUED, ExecutionState.SENT, ExecutionState.ACCEPTED);
    }

    private void checkJob(Job job, String when) {
      Map<ExecutionState, Integer> counted = new EnumMap<>(ExecutionState.class);
      for (JobExecution execution : fixture.executions(job)) {
        counted.merge(execution.standing(), 1, Integer::sum);
        checkJob(job, execution, when);
      }
      for (ExecutionState standing : ExecutionState.values()) {
        assertThat(job.counts().of(standing))
            .as("%s: %s", when, standing)
            .isEqualTo(counted.getOrDefault(standing, 0));
      }
    }

    private void checkJob(Job job, JobExecution execution, String when) {
      String command = execution.command();
      if (command != null) {
        Command kept = answer(fixture.commands().get(command));
        assertThat(kept.state().name()).as(when).isEqualTo(execution.standing().name());
        assertThat(kept.state().isFinal()).as(when).isTrue();
        assertThat(kept.job()).isEqualTo(job.id());
      }
      ExecutionState expected = outcome(execution.device());
      boolean halted = job.state() != Job.State.DONE;
      assertThat(execution.standing())
          .as("%s: %s", when, execution)
          .isIn(
              expected,
              halted ? ExecutionState.CANCELLED : expected,
              halted ? ExecutionState.SKIPPED : expected);
    }

    /** Every delivery was of the same command. */
    private void noDeviceGotTwoCommands(String when) {
      Map<String, String> commandOf = new HashMap<>();
      for (JobDevice mode : hands) {
        for (Command command : mode.delivered()) {
          String execution = command.job() + " " + mode.device();
          commandOf.putIfAbsent(execution, command.id());
          assertThat(commandOf).as(when).containsEntry(execution, command.id());
        }
      }
    }
  }
}

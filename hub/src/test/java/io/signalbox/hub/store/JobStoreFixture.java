package io.signalbox.hub.store;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.command.CommandStore;
import io.signalbox.hub.fleet.DeviceStore;
import io.signalbox.hub.job.JobExecution;
import io.signalbox.hub.job.JobStore;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.Counts;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Job.JobSpec;
import io.signalbox.hub.model.Page;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;

/** Stores and sample data for the contract tests of jobs. */
public abstract class JobStoreFixture {
  /** The stores of one implementation, on shared data. */
  public record Stores(JobStore jobs, CommandStore commands, DeviceStore devices) {}

  JobStore jobs;
  CommandStore commands;
  DeviceStore devices;

  /** Opens the stores with their previous contents; empty the first time. */
  protected abstract Stores open();

  /** Other instances on the same contents, as another node of a cluster has them. */
  protected abstract Stores openSecond();

  /** Kills the stores without closing them, as far as possible. */
  protected abstract void kill();

  @BeforeEach
  void openFirst() {
    Stores stores = open();
    jobs = stores.jobs();
    commands = stores.commands();
    devices = stores.devices();
    answer(devices.insert(registered().map(FleetStores::entry).toList(), ignored -> {}));
  }

  private static Stream<String> registered() {
    return Stream.of(
            Stream.of("a", "b", "c", "d", "d7001"),
            Stream.of(Command.State.values()).map(Enum::name),
            IntStream.rangeClosed(1, 20).mapToObj(i -> "d" + i))
        .flatMap(each -> each);
  }

  void counts(String job, Map<ExecutionState, Integer> expected) {
    Job kept = answer(jobs.get(job)).orElseThrow();
    Map<ExecutionState, Integer> counts = new EnumMap<>(ExecutionState.class);
    for (ExecutionState standing : ExecutionState.values()) {
      if (kept.counts().of(standing) != 0) {
        counts.put(standing, kept.counts().of(standing));
      }
    }
    assertThat(counts).isEqualTo(expected);
    assertThat(kept.counts().sum()).isEqualTo(kept.total());
  }

  List<JobExecution> executions(String job) {
    return answer(jobs.executions(job, Set.of(), null, 100)).items();
  }

  List<String> waiting(String job, int most) {
    return answer(jobs.executions(job, Set.of(ExecutionState.WAITING), null, most)).items().stream()
        .map(JobExecution::device)
        .toList();
  }

  List<JobExecution> all(String job, Set<ExecutionState> standings, int limit) {
    Page<JobExecution> page = answer(jobs.executions(job, standings, null, limit));
    List<JobExecution> all = new ArrayList<>(page.items());
    while (page.next() != null) {
      page = answer(jobs.executions(job, standings, page.next(), limit));
      all.addAll(page.items());
    }
    return all;
  }

  static void isLike(Job kept, Job made) {
    assertThat(kept.counts().of(ExecutionState.WAITING)).isEqualTo(made.total());
    assertThat(kept).usingRecursiveComparison().ignoringFields("counts").isEqualTo(made);
  }

  /** A running job of that many devices. */
  protected static Job job(String id, int devices) {
    JobSpec order = new JobSpec("start", "{}", null, null, null, null, null, null, null);
    return job(id, order, devices);
  }

  static Job job(String id, JobSpec order, int devices) {
    return new Job(
        id,
        order,
        1_000,
        "ann",
        Job.State.RUNNING,
        null,
        null,
        devices,
        Counts.waiting(devices),
        1);
  }

  /** The command of a job for a device. */
  protected static Command made(String job, String device) {
    Step first = new Step(Command.State.QUEUED, 1_000, "hub", null, null, "ann", null);
    return new Command(
        job + "-" + device,
        device,
        "start",
        "{}",
        1_000,
        61_000,
        0,
        null,
        null,
        null,
        job,
        null,
        null,
        List.of(first));
  }

  /** The command after one more step. */
  protected static Command after(Command command, Command.State state) {
    List<Step> timeline = new ArrayList<>(command.timeline());
    timeline.add(new Step(state, 2_000, "hub", null, null, null, null));
    return command.withTimeline(timeline);
  }
}

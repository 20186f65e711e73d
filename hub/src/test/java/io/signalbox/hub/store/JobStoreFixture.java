package io.signalbox.hub.store;

import static io.signalbox.hub.store.Answers.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.command.CommandStore;
import io.signalbox.hub.fleet.DeviceStore;
import io.signalbox.hub.job.Errand;
import io.signalbox.hub.job.JobStore;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.Order;
import io.signalbox.hub.model.Job.Standing;
import io.signalbox.hub.model.Job.Tally;
import io.signalbox.hub.model.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;

/** The stores that a contract of jobs is tested with, and what is put there. */
public abstract class JobStoreFixture {
  /** The ports of one twin, which share what they keep. */
  public record Stores(JobStore jobs, CommandStore commands, DeviceStore devices) {}

  JobStore jobs;
  CommandStore commands;
  DeviceStore devices;

  /** Opens the stores over what was kept before; the first time they are empty. */
  protected abstract Stores open();

  /** Lets the stores die without a goodbye, as far as that can be had. */
  protected abstract void kill();

  @BeforeEach
  void openFirst() {
    Stores stores = open();
    jobs = stores.jobs();
    commands = stores.commands();
    devices = stores.devices();
    answer(devices.insert(registered().map(FleetStores::entry).toList()));
  }

  private static Stream<String> registered() {
    return Stream.of(
            Stream.of("a", "b", "c", "d", "d7001"),
            Stream.of(Command.State.values()).map(Enum::name),
            IntStream.rangeClosed(1, 20).mapToObj(i -> "d" + i))
        .flatMap(each -> each);
  }

  void counts(String job, Map<Standing, Integer> expected) {
    Job kept = answer(jobs.get(job)).orElseThrow();
    Map<Standing, Integer> counts = new EnumMap<>(Standing.class);
    for (Standing standing : Standing.values()) {
      if (kept.tally().of(standing) != 0) {
        counts.put(standing, kept.tally().of(standing));
      }
    }
    assertThat(counts).isEqualTo(expected);
    assertThat(kept.tally().sum()).isEqualTo(kept.total());
  }

  List<Errand> errands(String job) {
    return answer(jobs.errands(job, Set.of(), null, 100)).items();
  }

  List<String> waiting(String job, int most) {
    return answer(jobs.errands(job, Set.of(Standing.WAITING), null, most)).items().stream()
        .map(Errand::device)
        .toList();
  }

  List<Errand> all(String job, Set<Standing> standings, int limit) {
    Page<Errand> page = answer(jobs.errands(job, standings, null, limit));
    List<Errand> all = new ArrayList<>(page.items());
    while (page.next() != null) {
      page = answer(jobs.errands(job, standings, page.next(), limit));
      all.addAll(page.items());
    }
    return all;
  }

  static void isLike(Job kept, Job made) {
    assertThat(kept.tally().of(Standing.WAITING)).isEqualTo(made.total());
    assertThat(kept).usingRecursiveComparison().ignoringFields("tally").isEqualTo(made);
  }

  static Job job(String id, int devices) {
    Order order =
        new Order("start", "{}", Duration.ofMinutes(1), null, null, null, null, null, null);
    return job(id, order, devices);
  }

  static Job job(String id, Order order, int devices) {
    return new Job(
        id, order, 1_000, "ann", Job.State.RUNNING, null, null, devices, Tally.waiting(devices), 1);
  }

  static Command made(String job, String device) {
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

  static Command after(Command command, Command.State state) {
    List<Step> timeline = new ArrayList<>(command.timeline());
    timeline.add(new Step(state, 2_000, "hub", null, null, null, null));
    return command.withTimeline(timeline);
  }
}

package io.signalbox.hub.job;

import static io.signalbox.hub.store.Results.answer;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.command.CommandRequest;
import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.command.CommandSettings;
import io.signalbox.hub.command.FullDiskStore;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.fleet.FleetSettings;
import io.signalbox.hub.fleet.NewDevice;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.fleet.SessionRegistry;
import io.signalbox.hub.job.JobRequest.Targets;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Job;
import io.signalbox.hub.model.Job.ExecutionState;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.store.sqlite.CrashCopy;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.TestDatabase;
import io.signalbox.hub.store.sqlite.command.SqliteCommandStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteDeviceStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteSessionStore;
import io.signalbox.hub.store.sqlite.job.SqliteJobStore;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Jobs, commands and registry on a real store, with a movable clock. */
final class JobFixture implements AutoCloseable {
  static final JobSettings SETTINGS = new JobSettings(8, 20, 100, Duration.ofDays(90));

  final ManualClock clock = new ManualClock(1_764_000_000_000L);
  final List<Job> events = new CopyOnWriteArrayList<>();
  final List<Command> steps = new CopyOnWriteArrayList<>();
  final AtomicBoolean diskFull = new AtomicBoolean();
  private final Vertx vertx = Vertx.vertx();
  private final Path scratch;
  private final AtomicLong epochs = new AtomicLong();
  private final AtomicInteger killed = new AtomicInteger();
  private int lives;
  private SqliteDatabase database;
  private DeviceRegistry registry;
  private CommandService commands;
  private JobService jobs;
  private Topic<Event.JobChanged> changes;
  private final List<JobService> otherNodes = new ArrayList<>();

  JobFixture(Path scratch) {
    this.scratch = scratch;
    database = openDatabase();
    registry = makeRegistry();
    commands = makeCommands();
    changes = makeTopic();
    jobs = makeJobs();
    open();
  }

  JobService jobs() {
    return jobs;
  }

  CommandService commands() {
    return commands;
  }

  /** Registers devices {@code d0} and so on and returns their ids. */
  List<String> fleet(int count) {
    List<String> ids = IntStream.range(0, count).mapToObj(i -> "d" + i).toList();
    answer(registry.registerAll(ids.stream().map(id -> device(id, Map.of())).toList()));
    return ids;
  }

  void register(String id, Map<String, String> labels) {
    answer(registry.register(device(id, labels)));
  }

  void delete(String id) {
    answer(commands.deleteDevice(id, () -> registry.delete(id)));
  }

  private static NewDevice device(String id, Map<String, String> labels) {
    return new NewDevice(id, null, "pump", labels, null);
  }

  /** Connects a device that answers commands according to its behaviour. */
  JobDevice connect(String device, JobDevice.Behaviour behaviour) {
    long epoch = epochs.incrementAndGet();
    Session session = new Session(device, epoch, Transport.WEBSOCKET, "10.0.0.7", clock.get());
    int life = killed.get();
    JobDevice mode = new JobDevice(session, behaviour, commands, () -> killed.get() == life);
    mode.attach();
    return mode;
  }

  List<JobDevice> connect(List<String> devices, JobDevice.Behaviour behaviour) {
    return devices.stream().map(device -> connect(device, behaviour)).toList();
  }

  Job submit(JobRequest job) {
    return answer(jobs.submit(job, "ann"));
  }

  Job get(Job job) {
    return answer(jobs.get(job.id()));
  }

  List<JobExecution> executions(Job job, ExecutionState... standings) {
    return answer(jobs.executions(job.id(), Set.of(standings), null, 1_000)).items();
  }

  /** Waits for the end of a job. */
  Job ended(Job job) {
    await().until(() -> get(job).isOver());
    return get(job);
  }

  /** Waits until that many devices of a job are in that state. */
  Job stand(Job job, ExecutionState standing, int devices) {
    await().until(() -> get(job).counts().of(standing) == devices);
    return get(job);
  }

  static JobRequest job(List<String> devices) {
    return job(devices, null, null);
  }

  static JobRequest job(
      List<String> devices, @Nullable Integer maxConcurrent, Job.@Nullable FailureThreshold abort) {
    return new JobRequest(start(null), new Targets.Devices(devices), maxConcurrent, abort);
  }

  static CommandRequest start(@Nullable String key) {
    return new CommandRequest("start", "{}", Duration.ofHours(1), null, null, null, key);
  }

  void pass(Duration time) {
    clock.addAndGet(time.toMillis());
  }

  /** Stops in order and starts again. */
  void restart() {
    answer(jobs.close());
    answer(commands.close());
    answer(database.close());
    start();
  }

  /** Kills the process and starts the hub on its data. */
  void kill() {
    Path before = life();
    lives++;
    // Within a transaction, so that no checkpoint runs while the file is copied.
    answer(
        database.write(
            sql -> {
              CrashCopy.of(before, life());
              return killed.incrementAndGet();
            }));
    answer(jobs.close().otherwiseEmpty());
    answer(commands.close().otherwiseEmpty());
    answer(database.close());
    start();
  }

  private void start() {
    database = openDatabase();
    registry = makeRegistry();
    commands = makeCommands();
    changes = makeTopic();
    jobs = makeJobs();
    open();
  }

  private void open() {
    answer(commands.open(vertx));
    answer(jobs.open(vertx));
  }

  private SqliteDatabase openDatabase() {
    try {
      Path directory = Files.createDirectories(life());
      return TestDatabase.open(directory);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private DeviceRegistry makeRegistry() {
    DeviceRegistry made =
        new DeviceRegistry(
            new SqliteDeviceStore(database),
            Topic.of(vertx, "device " + epochs.incrementAndGet()),
            clock);
    made.beforeReuse(made::deletionOver);
    return made;
  }

  private CommandService makeCommands() {
    SessionRegistry sessions =
        new SessionRegistry(
            new SqliteSessionStore(database),
            Topic.of(vertx, "presence"),
            "hub",
            FleetSettings.standard(),
            clock);
    Topic<Event.CommandChanged> changes = Topic.of(vertx, "command " + epochs.get());
    changes.subscribe(step -> steps.add(step.command()));
    return new CommandService(
        new FullDiskStore(new SqliteCommandStore(database), diskFull),
        sessions,
        changes,
        "hub",
        clock,
        new CommandSettings(2, 16, 100, Duration.ofDays(90)));
  }

  /** The service of another node, on the same topic. */
  JobService otherNode() {
    JobService made =
        new JobService(new SqliteJobStore(database), registry, commands, changes, clock, SETTINGS);
    otherNodes.add(made);
    answer(made.open(vertx));
    return made;
  }

  private Topic<Event.JobChanged> makeTopic() {
    Topic<Event.JobChanged> made = Topic.of(vertx, "job " + epochs.get());
    made.subscribe(change -> events.add(change.job()));
    return made;
  }

  private JobService makeJobs() {
    return new JobService(
        new SqliteJobStore(database), registry, commands, changes, clock, SETTINGS);
  }

  private Path life() {
    return scratch.resolve("life " + lives);
  }

  /** Maximum number of simultaneously unfinished commands, by the order of the steps. */
  int mostUnfinished() {
    List<String> unfinished = new ArrayList<>();
    int most = 0;
    for (Command step : steps) {
      if (step.state().isFinal()) {
        unfinished.remove(step.id());
      } else if (!unfinished.contains(step.id())) {
        unfinished.add(step.id());
      }
      most = Math.max(most, unfinished.size());
    }
    return most;
  }

  @Override
  public void close() {
    otherNodes.forEach(node -> answer(node.close()));
    answer(jobs.close());
    answer(commands.close());
    answer(database.close());
    answer(vertx.close());
  }
}

package io.signalbox.hub.command;

import static io.signalbox.hub.store.Results.answer;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.fleet.FleetSettings;
import io.signalbox.hub.fleet.NewDevice;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.fleet.SessionRegistry;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.store.sqlite.CrashCopy;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.TestDatabase;
import io.signalbox.hub.store.sqlite.command.SqliteCommandStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteDeviceStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteSessionStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Commands and registry on a real store, with a movable clock. */
final class CommandFixture implements AutoCloseable {
  static final String DEVICE = "pump-7";
  static final String OTHER = "fan-1";

  /** Small limits, so that a test reaches them. */
  static final CommandSettings SETTINGS = new CommandSettings(5, 3, 1_000, Duration.ofDays(30));

  final ManualClock clock = new ManualClock(1_764_000_000_000L);
  final List<Command> events = new CopyOnWriteArrayList<>();
  final AtomicBoolean diskFull = new AtomicBoolean();
  private final Vertx vertx = Vertx.vertx();
  private final Path scratch;
  private final CommandSettings settings;
  private final AtomicLong epochs = new AtomicLong();
  private int lives;
  private SqliteDatabase database;
  private CommandStore store;
  private DeviceRegistry registry;
  private CommandService commands;
  private SessionRegistry sessions;
  private Topic<Event.CommandChanged> changes;
  private final List<CommandService> otherNodes = new ArrayList<>();

  CommandFixture(Path scratch, CommandSettings settings) {
    this.scratch = scratch;
    this.settings = settings;
    database = openDatabase();
    store = new FullDiskStore(new SqliteCommandStore(database), diskFull);
    registry = makeRegistry();
    answer(registry.registerAll(List.of(device(DEVICE), device(OTHER))));
    sessions = makePresences();
    changes = makeTopic();
    commands = makeCommands();
    answer(commands.open(vertx));
  }

  CommandService commands() {
    return commands;
  }

  SessionRegistry sessions() {
    return sessions;
  }

  CommandStore store() {
    return store;
  }

  /** Adds devices and returns their ids. */
  List<String> register(int count) {
    List<String> ids = IntStream.range(0, count).mapToObj(i -> "dev-" + i).toList();
    answer(registry.registerAll(ids.stream().map(CommandFixture::device).toList()));
    return ids;
  }

  DeviceRegistry registry() {
    return registry;
  }

  /** Adds a device. */
  void register(String device) {
    answer(registry.register(device(device)));
  }

  /** Deletes a device with its commands. */
  Future<Void> delete(String device) {
    return commands.deleteDevice(device, () -> registry.delete(device));
  }

  /** A new session of the device, not attached yet. */
  TestConnection line(String device) {
    return new TestConnection(session(device, Transport.WEBSOCKET), commands);
  }

  /** A session of the device, attached. */
  TestConnection connect(String device) {
    TestConnection line = line(device);
    line.attach();
    return line;
  }

  /** A polling device with a new session. */
  TestPoller poller(String device) {
    return new TestPoller(session(device, Transport.HTTP), commands);
  }

  /** The same device with its session, after a restart. */
  TestPoller again(TestPoller poller) {
    return new TestPoller(poller.session(), commands);
  }

  private Session session(String device, Transport transport) {
    return new Session(device, epochs.incrementAndGet(), transport, "10.0.0.7", clock.get());
  }

  Command submit(String name) {
    return answer(commands.submit(DEVICE, request(name), "ann"));
  }

  Command get(String id) {
    return answer(commands.get(id));
  }

  private static NewDevice device(String id) {
    return new NewDevice(id, null, null, Map.of(), null);
  }

  static CommandRequest request(String name) {
    return new CommandRequest(name, "{}", Duration.ofHours(1), null, null, null, null);
  }

  /** Lets time pass and runs what is due. */
  void pass(Duration time) {
    clock.addAndGet(time.toMillis());
    tick();
  }

  /** Runs what is due. A tick of the timer may be in progress, so this runs two. */
  void tick() {
    answer(commands.inside(CommandEngine::tick));
    answer(commands.inside(CommandEngine::tick));
    quiet();
  }

  /** Waits until all requests are finished. */
  void quiet() {
    answer(commands.inside(CommandEngine::awaitIdle));
  }

  /** Number of mailboxes in memory. */
  int mailboxes() {
    return answer(commands.inside(engine -> Future.succeededFuture(engine.size())));
  }

  /** Number of held requests. */
  int held() {
    quiet();
    return commands.heldRequestCount();
  }

  /** Stops in order and starts again. */
  void restart() {
    answer(commands.close());
    answer(database.close());
    start();
  }

  /** Kills the process and starts the hub on its data. */
  void kill() {
    Path before = life();
    lives++;
    // Within a transaction, so that the file is not folded into while it is being copied.
    answer(database.write(sql -> CrashCopy.of(before, life())));
    answer(commands.close().otherwiseEmpty());
    answer(database.close());
    start();
  }

  private void start() {
    database = openDatabase();
    store = new FullDiskStore(new SqliteCommandStore(database), diskFull);
    registry = makeRegistry();
    sessions = makePresences();
    changes = makeTopic();
    commands = makeCommands();
    answer(commands.open(vertx));
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
            new SqliteDeviceStore(database), Topic.of(vertx, "device " + lives), clock);
    made.beforeReuse(made::deletionOver);
    return made;
  }

  private SessionRegistry makePresences() {
    return new SessionRegistry(
        new SqliteSessionStore(database),
        Topic.of(vertx, "presence " + lives),
        "hub",
        FleetSettings.standard(),
        clock);
  }

  /** The service of another node, on the same topic. */
  CommandService otherNode(CommandStore itsStore) {
    return otherNode(itsStore, changes);
  }

  /** The service of another node, whose events are still on their way. */
  CommandService otherNodeWithoutEvents() {
    return otherNode(store, makeTopic());
  }

  private CommandService otherNode(CommandStore itsStore, Topic<Event.CommandChanged> events) {
    SessionRegistry itsSessions =
        new SessionRegistry(
            new SqliteSessionStore(database),
            Topic.of(vertx, "presence " + lives),
            "hub-b",
            FleetSettings.standard(),
            clock);
    itsSessions.share();
    answer(itsSessions.start());
    CommandService made =
        new CommandService(itsStore, itsSessions, events, "hub-b", clock, settings);
    otherNodes.add(made);
    answer(made.open(vertx));
    return made;
  }

  private Topic<Event.CommandChanged> makeTopic() {
    Topic<Event.CommandChanged> made = Topic.of(vertx, "command " + epochs.incrementAndGet());
    made.subscribe(event -> events.add(event.command()));
    return made;
  }

  private CommandService makeCommands() {
    return new CommandService(store, sessions, changes, "hub", clock, settings);
  }

  private Path life() {
    return scratch.resolve("life " + lives);
  }

  @Override
  public void close() {
    otherNodes.forEach(node -> answer(node.close()));
    answer(commands.close());
    answer(database.close());
    answer(vertx.close());
  }

  /** The device side of a session: deliveries and answers. */
  record TestConnection(Session session, CommandService commands, List<Command> delivered) {
    TestConnection(Session session, CommandService commands) {
      this(session, commands, new CopyOnWriteArrayList<>());
    }

    void attach() {
      commands.attach(session, delivered::add);
      answer(commands.inside(CommandEngine::awaitIdle));
    }

    void detach(String reason) {
      commands.detach(session, SessionEnd.of(reason));
      answer(commands.inside(CommandEngine::awaitIdle));
    }

    List<String> names() {
      return delivered.stream().map(Command::name).toList();
    }

    Future<Void> says(String id, Command.State status) {
      return commands.result(session, new CommandResult(id, status, null, null));
    }
  }
}

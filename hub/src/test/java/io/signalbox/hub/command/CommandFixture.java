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
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.command.SqliteCommandStore;
import io.signalbox.hub.store.sqlite.fleet.FleetSchema;
import io.signalbox.hub.store.sqlite.fleet.SqliteDeviceStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteSessionStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** A hub of which only commands and the registry exist, on a real store, with a movable clock. */
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

  CommandFixture(Path scratch, CommandSettings settings) {
    this.scratch = scratch;
    this.settings = settings;
    database = openDatabase();
    store = new FullDiskStore(new SqliteCommandStore(database), diskFull);
    registry = makeRegistry();
    answer(registry.registerAll(List.of(device(DEVICE), device(OTHER))));
    sessions = makePresences();
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

  /** Adds devices, and gives their ids. */
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

  /** Takes a device out of the registry, and its commands with it. */
  Future<Void> delete(String device) {
    return commands.deleteDevice(device, () -> registry.delete(device));
  }

  /** A session of the device, newer than all before it, and not yet attached. */
  TestConnection line(String device) {
    return new TestConnection(session(device, Transport.WEBSOCKET), commands);
  }

  /** A session of the device, attached. */
  TestConnection connect(String device) {
    TestConnection line = line(device);
    line.attach();
    return line;
  }

  /** A device that polls, with a session that is newer than all before it. */
  TestPoller poller(String device) {
    return new TestPoller(session(device, Transport.HTTP), commands);
  }

  /** The same device, as it goes on with its session after a restart. */
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

  /** Lets time pass, and what it brings about happen. */
  void pass(Duration time) {
    clock.addAndGet(time.toMillis());
    tick();
  }

  /** What is due is done. A tick of the timer may be under way: the second one is ours. */
  void tick() {
    answer(commands.inside(CommandEngine::tick));
    answer(commands.inside(CommandEngine::tick));
    quiet();
  }

  /** Everything that was asked for is done. */
  void quiet() {
    answer(commands.inside(CommandEngine::awaitIdle));
  }

  /** How many mailboxes are in memory. */
  int mailboxes() {
    return answer(commands.inside(engine -> Future.succeededFuture(engine.size())));
  }

  /** How many requests are held. */
  int held() {
    quiet();
    return commands.heldRequestCount();
  }

  /** An orderly stop and a start. */
  void restart() {
    answer(commands.close());
    answer(database.close());
    start();
  }

  /** The process dies, and the hub starts again on what it left. */
  void kill() {
    Path before = life();
    lives++;
    // Within a transaction, so that the file is not folded into while it is being copied.
    answer(database.write(sql -> copy(before, life())));
    answer(commands.close().otherwiseEmpty());
    answer(database.close());
    start();
  }

  private void start() {
    database = openDatabase();
    store = new FullDiskStore(new SqliteCommandStore(database), diskFull);
    registry = makeRegistry();
    sessions = makePresences();
    commands = makeCommands();
    answer(commands.open(vertx));
  }

  private SqliteDatabase openDatabase() {
    try {
      Path directory = Files.createDirectories(life());
      return SqliteDatabase.open(directory, FleetSchema.SCHEMA, SqliteCommandStore.SCHEMA);
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
        FleetSettings.standard(),
        clock);
  }

  private CommandService makeCommands() {
    Topic<Event.CommandChanged> changes = Topic.of(vertx, "command " + epochs.incrementAndGet());
    changes.subscribe(event -> events.add(event.command()));
    return new CommandService(store, sessions, changes, "hub", clock, settings);
  }

  private Path life() {
    return scratch.resolve("life " + lives);
  }

  private static boolean copy(Path from, Path to) {
    try {
      Files.createDirectory(to);
      Files.copy(from.resolve("hub.db"), to.resolve("hub.db"));
      Files.copy(from.resolve("hub.db-wal"), to.resolve("hub.db-wal"));
      return true;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void close() {
    answer(commands.close());
    answer(database.close());
    answer(vertx.close());
  }

  /** The device's end of a session: what was delivered to it, and what it says. */
  record TestConnection(Session session, CommandService commands, List<Command> delivered) {
    TestConnection(Session session, CommandService commands) {
      this(session, commands, new CopyOnWriteArrayList<>());
    }

    void attach() {
      commands.attach(session, delivered::add);
      answer(commands.inside(CommandEngine::awaitIdle));
    }

    void detach(String reason) {
      commands.detach(session, reason);
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

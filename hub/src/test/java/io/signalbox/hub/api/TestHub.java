package io.signalbox.hub.api;

import static io.signalbox.hub.store.Answers.answer;

import io.signalbox.hub.access.Access;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.admission.Credentials;
import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.command.CommandSettings;
import io.signalbox.hub.command.Commands;
import io.signalbox.hub.deletion.DeviceDeletion;
import io.signalbox.hub.fleet.FleetSettings;
import io.signalbox.hub.fleet.Presences;
import io.signalbox.hub.fleet.Registry;
import io.signalbox.hub.fleet.Twins;
import io.signalbox.hub.job.JobSettings;
import io.signalbox.hub.job.Jobs;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Telemetry;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.ops.Health;
import io.signalbox.hub.ops.Meters;
import io.signalbox.hub.recorder.FlightRecorder;
import io.signalbox.hub.recorder.RecorderSettings;
import io.signalbox.hub.store.embedded.HubDatabase;
import io.signalbox.hub.store.embedded.access.ApiKeyTable;
import io.signalbox.hub.store.embedded.command.CommandTable;
import io.signalbox.hub.store.embedded.fleet.DeviceTable;
import io.signalbox.hub.store.embedded.fleet.FleetTables;
import io.signalbox.hub.store.embedded.fleet.SessionTable;
import io.signalbox.hub.store.embedded.fleet.TwinTable;
import io.signalbox.hub.store.embedded.job.EmbeddedJobStore;
import io.signalbox.hub.store.embedded.job.JobTables;
import io.signalbox.hub.store.embedded.recorder.RecorderTable;
import io.signalbox.hub.store.embedded.telemetry.EmbeddedTelemetryStore;
import io.signalbox.hub.store.embedded.telemetry.TelemetrySettings;
import io.signalbox.hub.telemetry.History;
import io.signalbox.hub.telemetry.WatchedStore;
import io.signalbox.hub.why.Terms;
import io.signalbox.hub.why.Why;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.LongStream;

/** The rooms on their embedded stores, with the API in front on a free port of the loopback. */
public final class TestHub implements AutoCloseable {
  static final String ADMIN_KEY = "the-key-of-the-tests-administrator";
  static final long START = 1_764_000_000_000L;

  final ManualClock now = new ManualClock(START);
  final Vertx vertx = Vertx.vertx();
  final Health health = new Health();
  final Meters meters = new Meters();
  final Rooms rooms;
  final WatchedStore telemetry;
  private final HubDatabase database;
  private final HttpServer server;
  private final Api api;

  /** A hub's API with its data in a directory. */
  public TestHub(Path directory) {
    this(directory, new ApiSettings(Duration.ofSeconds(1), false));
  }

  TestHub(Path directory, ApiSettings settings) {
    database =
        HubDatabase.open(
            directory,
            FleetTables.SCHEMA,
            ApiKeyTable.SCHEMA,
            CommandTable.SCHEMA,
            JobTables.SCHEMA,
            RecorderTable.SCHEMA);
    telemetry = new WatchedStore(open(directory.resolve("telemetry")));
    rooms = rooms();
    answer(rooms.registry().start());
    answer(rooms.presences().start());
    answer(rooms.access().bootstrap(ADMIN_KEY));
    answer(rooms.commands().open(vertx));
    answer(rooms.deletion().open(vertx));
    answer(rooms.jobs().open(vertx));
    Api.Surroundings around =
        new Api.Surroundings(vertx, new Node("test", "1.2.3"), health, meters, now);
    api = new Api(rooms, settings, new Credentials(rooms.access(), now), around);
    server = vertx.createHttpServer().requestHandler(api.router());
    answer(server.listen(0, "127.0.0.1"));
    health.started();
  }

  private EmbeddedTelemetryStore open(Path directory) {
    try {
      return EmbeddedTelemetryStore.open(directory, TelemetrySettings.DEFAULTS, now);
    } catch (IOException unusable) {
      throw new UncheckedIOException(unusable);
    }
  }

  private Rooms rooms() {
    Registry registry = new Registry(new DeviceTable(database), Topic.of(vertx, "devices"), now);
    Presences presences =
        new Presences(
            new SessionTable(database), Topic.of(vertx, "presence"), FleetSettings.standard(), now);
    Topic<Event.CommandChanged> steps = Topic.of(vertx, "commands");
    Commands commands =
        new Commands(
            new CommandTable(database), presences, steps, "test", now, CommandSettings.standard());
    FlightRecorder recorder =
        new FlightRecorder(
            new RecorderTable(database, 20), "test", now, new RecorderSettings(20, 1_000));
    History history = new History(telemetry, now);
    Terms terms = new Terms(16, 20, health::obstacle);
    return new Rooms(
        registry,
        presences,
        new Twins(new TwinTable(database, 100), Topic.of(vertx, "twins"), now),
        commands,
        new Jobs(
            new EmbeddedJobStore(database),
            registry,
            commands,
            new Jobs.Ears(steps, Topic.of(vertx, "jobs")),
            now,
            JobSettings.standard()),
        recorder,
        new Why(registry, presences, commands, recorder, terms, now),
        history,
        new Access(new ApiKeyTable(database), now),
        new DeviceDeletion(registry, presences, commands, history, recorder));
  }

  /** The table of what is served. */
  List<Endpoint> table() {
    return api.table();
  }

  int port() {
    return server.actualPort();
  }

  /** From now on the store of keys and devices cannot be read. */
  void breakDatabase() {
    answer(database.close());
  }

  /** Somebody who may do everything. */
  Caller admin() {
    return stranger().with("Authorization", "Bearer " + ADMIN_KEY);
  }

  /** Somebody with a key that has only these scopes. */
  Caller program(Scope... scopes) {
    EnumSet<Scope> held = EnumSet.noneOf(Scope.class);
    held.addAll(List.of(scopes));
    String key = answer(rooms.access().createKey("program", held, "test")).key();
    return stranger().with("Authorization", "Bearer " + key);
  }

  /** Somebody without credentials. */
  Caller stranger() {
    return Caller.of("http://127.0.0.1:" + port());
  }

  /** A device that is registered. */
  void device(String id) {
    admin().post("/api/v1/devices", "{\"id\":\"" + id + "\"}").is(201);
  }

  /** Readings of a metric, a second apart, the first at {@link #START}, valued 0, 1, 2, … */
  void readings(String device, String metric, long count) {
    List<Reading> readings = new ArrayList<>();
    LongStream.range(0, count)
        .forEach(i -> readings.add(reading(metric, START + i * 1_000, new Value.Num(i))));
    store(device, readings);
  }

  static Reading reading(String metric, long ts, Value value) {
    return new Reading(metric, ts, value);
  }

  void store(String device, List<Reading> readings) {
    for (int from = 0; from < readings.size(); from += 50_000) {
      List<Reading> some = readings.subList(from, Math.min(readings.size(), from + 50_000));
      Telemetry message = new Telemetry(device, List.copyOf(some));
      answer(telemetry.append(new TelemetryBatch(List.of(message), some.size())));
    }
  }

  @Override
  public void close() {
    answer(server.close());
    answer(rooms.jobs().close());
    answer(rooms.commands().close());
    answer(telemetry.close());
    answer(database.close());
    answer(vertx.close());
    meters.close();
  }
}

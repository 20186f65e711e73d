package io.signalbox.hub.api;

import static io.signalbox.hub.store.Results.answer;

import io.signalbox.hub.access.AccessControl;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.command.CommandSettings;
import io.signalbox.hub.config.Configuration;
import io.signalbox.hub.deletion.DeviceDeletion;
import io.signalbox.hub.devicetype.DeviceTypes;
import io.signalbox.hub.diagnostics.Diagnostics;
import io.signalbox.hub.diagnostics.HubLimits;
import io.signalbox.hub.fleet.DeviceDescriptions;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.fleet.FleetSettings;
import io.signalbox.hub.fleet.MetricUnits;
import io.signalbox.hub.fleet.SessionRegistry;
import io.signalbox.hub.fleet.StrictDevices;
import io.signalbox.hub.fleet.TwinService;
import io.signalbox.hub.fleet.TypedDevices;
import io.signalbox.hub.http.auth.HttpAuthenticator;
import io.signalbox.hub.job.JobService;
import io.signalbox.hub.job.JobSettings;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.ops.Health;
import io.signalbox.hub.ops.Metrics;
import io.signalbox.hub.recorder.FlightRecorder;
import io.signalbox.hub.recorder.RecorderSettings;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.TestDatabase;
import io.signalbox.hub.store.sqlite.access.SqliteAccessStore;
import io.signalbox.hub.store.sqlite.command.SqliteCommandStore;
import io.signalbox.hub.store.sqlite.devicetype.SqliteDeviceTypeStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteDescriptionStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteDeviceStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteSessionStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteTwinStore;
import io.signalbox.hub.store.sqlite.job.SqliteJobStore;
import io.signalbox.hub.store.sqlite.recorder.SqliteRecorderStore;
import io.signalbox.hub.store.sqlite.telemetry.SqliteTelemetryStore;
import io.signalbox.hub.store.sqlite.telemetry.TelemetrySettings;
import io.signalbox.hub.telemetry.HistoryService;
import io.signalbox.hub.telemetry.RecordingTelemetryStore;
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

/** The hub's services on embedded stores, with the API on a free loopback port. */
public final class TestHub implements AutoCloseable {
  static final String ADMIN_KEY = "the-key-of-the-tests-administrator";
  static final long START = 1_764_000_000_000L;

  final ManualClock now = new ManualClock(START);
  final Vertx vertx = Vertx.vertx();
  final Health health = new Health();

  /** The nodes that the API shows. */
  public volatile List<NodeInfo.Node> nodes = List.of();

  final Metrics metrics = new Metrics();
  final ApiServices services;

  @SuppressWarnings("NullAway.Init") // set with the services
  MetricUnits units;

  final RecordingTelemetryStore telemetry;
  private final SqliteDatabase database;
  private final HttpServer server;
  private final RestApi api;

  /** A hub with its data in a directory. */
  public TestHub(Path directory) {
    this(directory, new ApiSettings(Duration.ofSeconds(1), false));
  }

  TestHub(Path directory, ApiSettings settings) {
    database = TestDatabase.open(directory);
    telemetry = new RecordingTelemetryStore(open(directory.resolve("telemetry")));
    services = services();
    TypedDevices typed = services.typed();
    services.twins().validateBy(typed);
    services.commands().validateBy(typed);
    services.jobs().validateBy(typed);
    answer(services.registry().start());
    answer(services.types().open(vertx));
    answer(services.descriptions().open(vertx));
    answer(services.sessions().start());
    answer(services.access().bootstrap(ADMIN_KEY));
    answer(services.commands().open(vertx));
    answer(services.deletion().open(vertx));
    answer(services.jobs().open(vertx));
    HttpAuthenticator authenticator = new HttpAuthenticator(services.access(), now);
    NodeInfo node = new NodeInfo("test", "1.2.3", () -> nodes);
    api = new RestApi(vertx, services, settings, authenticator, node, now);
    server = vertx.createHttpServer().requestHandler(api.router());
    answer(server.listen(0, "127.0.0.1"));
    health.started();
  }

  private SqliteTelemetryStore open(Path directory) {
    try {
      return SqliteTelemetryStore.open(directory, TelemetrySettings.DEFAULTS, now);
    } catch (IOException unusable) {
      throw new UncheckedIOException(unusable);
    }
  }

  private ApiServices services() {
    DeviceRegistry registry =
        new DeviceRegistry(new SqliteDeviceStore(database), Topic.of(vertx, "devices"), now);
    SessionRegistry sessions =
        new SessionRegistry(
            new SqliteSessionStore(database),
            Topic.of(vertx, "presence"),
            "hub",
            FleetSettings.standard(),
            now);
    Topic<Event.CommandChanged> steps = Topic.of(vertx, "commands");
    CommandService commands =
        new CommandService(
            new SqliteCommandStore(database),
            sessions,
            steps,
            "test",
            now,
            Configuration.defaults(CommandSettings.class));
    DeviceTypes types =
        new DeviceTypes(new SqliteDeviceTypeStore(database), Topic.of(vertx, "types"), now);
    SqliteDescriptionStore described = new SqliteDescriptionStore(database);
    DeviceDescriptions descriptions = new DeviceDescriptions(described, registry, now);
    units = new MetricUnits(described, registry, now);
    FlightRecorder recorder =
        new FlightRecorder(
            new SqliteRecorderStore(database, 20), "test", now, new RecorderSettings(20, 1_000));
    HistoryService history = new HistoryService(telemetry, now);
    HubLimits terms = new HubLimits(16, 20, health::notReadyReason);
    return new ApiServices(
        registry,
        types,
        descriptions,
        new TypedDevices(registry, types, descriptions, units),
        new StrictDevices(registry, types, descriptions),
        sessions,
        new TwinService(new SqliteTwinStore(database, 100), Topic.of(vertx, "twins"), now),
        commands,
        new JobService(
            new SqliteJobStore(database),
            registry,
            commands,
            Topic.of(vertx, "jobs"),
            now,
            Configuration.defaults(JobSettings.class)),
        recorder,
        new Diagnostics(registry, sessions.presence(), commands, recorder, terms, now),
        history,
        new AccessControl(new SqliteAccessStore(database), Topic.of(vertx, "api-keys"), now),
        new DeviceDeletion(registry, sessions, commands, history, recorder),
        health,
        metrics);
  }

  /** The endpoint table. */
  List<Endpoint> table() {
    return api.table();
  }

  int port() {
    return server.actualPort();
  }

  /** Makes every later read of the store of keys and devices fail. */
  void breakDatabase() {
    answer(database.close());
  }

  /** A client with all scopes. */
  ApiClient admin() {
    return anonymous().with("Authorization", "Bearer " + ADMIN_KEY);
  }

  /** A client with a key of these scopes. */
  ApiClient program(Scope... scopes) {
    EnumSet<Scope> held = EnumSet.noneOf(Scope.class);
    held.addAll(List.of(scopes));
    String key = answer(services.access().createKey("program", held, "test")).key();
    return anonymous().with("Authorization", "Bearer " + key);
  }

  /** A client without credentials. */
  ApiClient anonymous() {
    return ApiClient.of("http://127.0.0.1:" + port());
  }

  /** Registers a device. */
  void device(String id) {
    admin().post("/api/v1/devices", "{\"id\":\"" + id + "\"}").is(201);
  }

  /**
   * Stores readings of a metric, one second apart from {@link #START}, with the values 0, 1, 2, …
   */
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
      TelemetryMessage message = new TelemetryMessage(device, List.copyOf(some));
      answer(telemetry.append(new TelemetryBatch(List.of(message), some.size())));
    }
  }

  @Override
  public void close() {
    answer(server.close());
    answer(services.jobs().close());
    answer(services.commands().close());
    answer(telemetry.close());
    answer(database.close());
    answer(vertx.close());
    metrics.close();
  }
}

package io.signalbox.hub.gateway.http;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.command.CommandSettings;
import io.signalbox.hub.config.Configuration;
import io.signalbox.hub.devicetype.DeviceTypes;
import io.signalbox.hub.fleet.DeviceDescriptions;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.fleet.FleetSettings;
import io.signalbox.hub.fleet.MetricUnits;
import io.signalbox.hub.fleet.NewDevice;
import io.signalbox.hub.fleet.SessionRegistry;
import io.signalbox.hub.fleet.StrictDevices;
import io.signalbox.hub.fleet.TwinService;
import io.signalbox.hub.gateway.DeviceAdmission;
import io.signalbox.hub.gateway.GatewayEventLog;
import io.signalbox.hub.gateway.GatewaySettings;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.polling.LoadFactor;
import io.signalbox.hub.polling.PollIntervalPlanner;
import io.signalbox.hub.polling.PollingSettings;
import io.signalbox.hub.recorder.FlightRecorder;
import io.signalbox.hub.recorder.RecorderSettings;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.TestDatabase;
import io.signalbox.hub.store.sqlite.command.SqliteCommandStore;
import io.signalbox.hub.store.sqlite.devicetype.SqliteDeviceTypeStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteDescriptionStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteDeviceStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteSessionStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteTwinStore;
import io.signalbox.hub.store.sqlite.recorder.SqliteRecorderStore;
import io.signalbox.hub.store.sqlite.telemetry.SqliteTelemetryStore;
import io.signalbox.hub.store.sqlite.telemetry.TelemetrySettings;
import io.signalbox.hub.telemetry.IngestMetrics;
import io.signalbox.hub.telemetry.IngestSettings;
import io.signalbox.hub.telemetry.TelemetryIngest;
import io.signalbox.hub.wire.ExchangeRequest;
import io.signalbox.hub.wire.TelemetryPayload;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The state of an HTTP device is used only on the event loop that the device is assigned to, and
 * uploads leave its sessions elsewhere alone.
 */
@SuppressWarnings("NullAway.Init") // set before each test
class DeviceLoopsTest {
  private static final GatewaySettings SETTINGS =
      new GatewaySettings(30, 1_048_576, 10_000, 5_000, 100, 100, Duration.ofMinutes(1));

  @TempDir private Path directory;
  private final ManualClock clock = new ManualClock(1_764_000_000_000L);
  private final Vertx vertx = Vertx.vertx();
  private SqliteDatabase database;
  private SqliteTelemetryStore telemetry;
  private TwinService twins;
  private Topic<Event.PresenceChanged> presence;
  private HttpDeviceRegistry devices;
  private DeviceLoop loop;
  private DeviceLoop elsewhere;
  private DeviceIdentity caller;

  @BeforeEach
  void open() throws IOException {
    openStores();
    DeviceRegistry registry =
        new DeviceRegistry(new SqliteDeviceStore(database), Topic.of(vertx, "devices"), clock);
    SessionRegistry sessions = newSessions();
    CommandService commands =
        new CommandService(
            new SqliteCommandStore(database),
            sessions,
            Topic.of(vertx, "commands"),
            "test",
            clock,
            Configuration.defaults(CommandSettings.class));
    twins = new TwinService(new SqliteTwinStore(database, 100), Topic.of(vertx, "twins"), clock);
    answer(registry.start());
    answer(sessions.start());
    answer(commands.open(vertx));
    GatewayEventLog eventLog = new GatewayEventLog(recorder());
    DeviceAdmission admission =
        new DeviceAdmission(registry, sessions, commands, eventLog, SETTINGS);
    SqliteDescriptionStore described = new SqliteDescriptionStore(database);
    DeviceDescriptions descriptions = new DeviceDescriptions(described, registry, clock);
    DeviceTypes types =
        new DeviceTypes(new SqliteDeviceTypeStore(database), Topic.of(vertx, "types"), clock);
    devices =
        new HttpDeviceRegistry(
            new HttpDeviceRegistry.Services(
                admission,
                sessions,
                commands,
                twins,
                descriptions,
                new MetricUnits(described, registry, clock),
                new StrictDevices(registry, types, descriptions),
                eventLog,
                planner(),
                new HttpGatewayMetrics(),
                clock,
                SETTINGS),
            true);
    loop = loop();
    elsewhere = loop();
    String key = "valve-key-of-at-least-24-characters";
    Device device =
        answer(registry.register(new NewDevice("valve", null, null, Map.of(), key))).device();
    caller = new DeviceIdentity(device, key, "127.0.0.1:1", 1);
  }

  private void openStores() throws IOException {
    database = TestDatabase.open(directory);
    telemetry =
        SqliteTelemetryStore.open(
            directory.resolve("telemetry"), TelemetrySettings.DEFAULTS, clock);
  }

  private SessionRegistry newSessions() {
    presence = Topic.of(vertx, "presence");
    return new SessionRegistry(
        new SqliteSessionStore(database), presence, "hub", FleetSettings.standard(), clock);
  }

  private FlightRecorder recorder() {
    return new FlightRecorder(
        new SqliteRecorderStore(database, 20), "test", clock, new RecorderSettings(20, 1_000));
  }

  private static PollIntervalPlanner planner() {
    PollingSettings polling = PollingSettings.standard();
    return new PollIntervalPlanner(polling, new LoadFactor(polling, () -> 0), new Random(1));
  }

  @AfterEach
  void close() {
    answer(vertx.close());
    answer(database.close());
    answer(telemetry.close());
  }

  private DeviceLoop loop() {
    Context loop = ((VertxInternal) vertx).createEventLoopContext();
    IngestSettings settings = new IngestSettings(256, 65_536);
    return new DeviceLoop(
        new TelemetryIngest(
            loop, telemetry, Topic.of(vertx, "telemetry"), settings, new IngestMetrics()));
  }

  /** Blocks a loop until the latch is open, then runs a last task on it. */
  private static CountDownLatch busy(DeviceLoop loop, CountDownLatch open, Runnable last) {
    CountDownLatch begun = new CountDownLatch(1);
    loop.context()
        .runOnContext(
            turn -> {
              begun.countDown();
              await(open);
              last.run();
            });
    return begun;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(120, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private <T> Future<T> from(DeviceLoop loop, Supplier<Future<T>> task) {
    return Future.future(
        done -> loop.context().runOnContext(turn -> task.get().onComplete(done::handle)));
  }

  private HttpDevice known() {
    return answer(
        from(loop, () -> devices.handle(caller, loop, device -> Future.succeededFuture(device))));
  }

  @Test
  void a_device_that_returns_while_being_evicted_is_handled_on_its_new_loop() {
    HttpDevice old = known();
    CountDownLatch goesAway = new CountDownLatch(1);
    await(busy(loop, goesAway, old::evictIfIdle));

    Future<Boolean> isHome =
        from(
            elsewhere,
            () -> {
              Future<Boolean> received =
                  devices.handle(
                      caller,
                      elsewhere,
                      device ->
                          Future.succeededFuture(
                              Vertx.currentContext().equals(device.loop().context())));
              goesAway.countDown();
              return received;
            });

    assertThat(answer(isHome)).isTrue();
    assertThat(devices.find("valve")).isNotSameAs(old);
  }

  @Test
  void an_unwritten_response_is_reported_on_the_devices_loop() {
    answer(twins.patchDesired("valve", "{\"open\":true}", Precondition.NONE, "ann"));
    ExchangeRequest nothing =
        new ExchangeRequest(
            new TelemetryPayload(List.of(), 0), List.of(), null, null, null, null, null, List.of());
    ExchangeProcessor.ExchangeResult result =
        answer(
            from(
                elsewhere,
                () -> devices.handle(caller, loop, device -> device.exchange(caller, nothing))));
    HttpDevice device = known();
    assertThat(result.answer().desired()).isPresent();
    CountDownLatch goesOn = new CountDownLatch(1);
    await(busy(loop, goesOn, () -> {}));

    result.taken().unwritten().run();

    Future<Optional<Twin>> untouched = device.twin().desiredSince(null);
    goesOn.countDown();
    assertThat(untouched.isComplete() && untouched.result().isEmpty())
        .as("nothing has changed while the home was busy")
        .isTrue();
    assertThat(answer(from(loop, () -> device.twin().desiredSince(null)))).isPresent();
  }

  @Test
  void an_upload_does_not_take_over_a_connection_to_another_node() {
    Presence connected =
        new Presence(Presence.State.ONLINE, 5, null, Transport.WEBSOCKET, 99, "10.0.0.7:1");
    presence.publish(new Event.PresenceChanged("valve", connected));
    List<Event.PresenceChanged> changes = new CopyOnWriteArrayList<>();
    presence.listen(changes::add);
    TelemetryPayload level =
        new TelemetryPayload(
            List.of(new Reading("level", clock.wallMillis(), new Value.Num(7))), 0);

    answer(from(loop, () -> devices.handle(caller, loop, device -> device.upload(caller, level))));

    assertThat(answer(telemetry.latest(List.of("valve")))).containsKey("valve");
    assertThat(changes).isEmpty();
  }
}

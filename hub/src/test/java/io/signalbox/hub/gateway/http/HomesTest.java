package io.signalbox.hub.gateway.http;

import static io.signalbox.hub.store.Answers.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.command.CommandSettings;
import io.signalbox.hub.command.Commands;
import io.signalbox.hub.fleet.FleetSettings;
import io.signalbox.hub.fleet.NewDevice;
import io.signalbox.hub.fleet.Presences;
import io.signalbox.hub.fleet.Registry;
import io.signalbox.hub.fleet.Twins;
import io.signalbox.hub.gateway.GatewaySettings;
import io.signalbox.hub.gateway.Reception;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.polling.PollingPlan;
import io.signalbox.hub.polling.PollingSettings;
import io.signalbox.hub.polling.Pressure;
import io.signalbox.hub.recorder.FlightRecorder;
import io.signalbox.hub.recorder.RecorderSettings;
import io.signalbox.hub.store.embedded.HubDatabase;
import io.signalbox.hub.store.embedded.command.CommandTable;
import io.signalbox.hub.store.embedded.fleet.DeviceTable;
import io.signalbox.hub.store.embedded.fleet.FleetTables;
import io.signalbox.hub.store.embedded.fleet.SessionTable;
import io.signalbox.hub.store.embedded.fleet.TwinTable;
import io.signalbox.hub.store.embedded.recorder.RecorderTable;
import io.signalbox.hub.store.embedded.telemetry.EmbeddedTelemetryStore;
import io.signalbox.hub.store.embedded.telemetry.TelemetrySettings;
import io.signalbox.hub.telemetry.Intake;
import io.signalbox.hub.telemetry.IntakeSettings;
import io.signalbox.hub.telemetry.IntakeTally;
import io.signalbox.hub.wire.ExchangeBody;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of a device that comes by HTTP is touched on the event loop of its home alone. */
@SuppressWarnings("NullAway.Init") // set before each test
class HomesTest {
  private static final GatewaySettings SETTINGS =
      new GatewaySettings(30, 1_048_576, 10_000, 5_000, 100, 100, Duration.ofSeconds(60));

  @TempDir private Path directory;
  private final ManualClock clock = new ManualClock(1_764_000_000_000L);
  private final Vertx vertx = Vertx.vertx();
  private HubDatabase database;
  private EmbeddedTelemetryStore telemetry;
  private Twins twins;
  private Visitors visitors;
  private Home home;
  private Home elsewhere;
  private Caller caller;

  @BeforeEach
  void open() throws IOException {
    database =
        HubDatabase.open(directory, FleetTables.SCHEMA, CommandTable.SCHEMA, RecorderTable.SCHEMA);
    telemetry =
        EmbeddedTelemetryStore.open(
            directory.resolve("telemetry"), TelemetrySettings.DEFAULTS, clock);
    Registry registry = new Registry(new DeviceTable(database), Topic.of(vertx, "devices"), clock);
    Presences presences =
        new Presences(
            new SessionTable(database),
            Topic.of(vertx, "presence"),
            FleetSettings.standard(),
            clock);
    Commands commands =
        new Commands(
            new CommandTable(database),
            presences,
            Topic.of(vertx, "commands"),
            "test",
            clock,
            CommandSettings.standard());
    twins = new Twins(new TwinTable(database, 100), Topic.of(vertx, "twins"), clock);
    FlightRecorder recorder =
        new FlightRecorder(
            new RecorderTable(database, 20), "test", clock, new RecorderSettings(20, 1_000));
    answer(registry.start());
    answer(presences.start());
    answer(commands.open(vertx));
    Reception reception = new Reception(registry, presences, twins, commands, recorder, SETTINGS);
    PollingSettings polling = PollingSettings.standard();
    PollingPlan plan = new PollingPlan(polling, new Pressure(polling, () -> 0), new Random(1));
    visitors = new Visitors(new House(reception, plan, new VisitTally(), clock, true));
    home = home();
    elsewhere = home();
    String key = "valve-key-of-at-least-24-characters";
    Device device =
        answer(registry.register(new NewDevice("valve", null, null, Map.of(), key))).device();
    caller = new Caller(device, key, "127.0.0.1:1", 1);
  }

  @AfterEach
  void close() {
    answer(vertx.close());
    answer(database.close());
    answer(telemetry.close());
  }

  private Home home() {
    Context loop = ((VertxInternal) vertx).createEventLoopContext();
    IntakeSettings settings = new IntakeSettings(256, 65_536);
    return new Home(
        loop,
        new Intake(loop, telemetry, Topic.of(vertx, "telemetry"), settings, new IntakeTally()));
  }

  /** Keeps a loop busy until the latch is open, and then does something on it. */
  private static CountDownLatch busy(Home loop, CountDownLatch open, Runnable last) {
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
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private <T> Future<T> from(Home loop, Supplier<Future<T>> deed) {
    return Future.future(
        done -> loop.context().runOnContext(turn -> deed.get().onComplete(done::handle)));
  }

  private Visitor known() {
    return answer(
        from(
            home,
            () -> visitors.receive(caller, home, visitor -> Future.succeededFuture(visitor))));
  }

  @Test
  void who_comes_as_the_device_is_forgotten_is_received_on_the_loop_of_the_new_home() {
    Visitor old = known();
    CountDownLatch goesAway = new CountDownLatch(1);
    await(busy(home, goesAway, old::leavesLobby));

    Future<Boolean> isHome =
        from(
            elsewhere,
            () -> {
              Future<Boolean> received =
                  visitors.receive(
                      caller,
                      elsewhere,
                      visitor ->
                          Future.succeededFuture(
                              Vertx.currentContext().equals(visitor.home().context())));
              goesAway.countDown();
              return received;
            });

    assertThat(answer(isHome)).isTrue();
    assertThat(visitors.find("valve")).isNotSameAs(old);
  }

  @Test
  void an_answer_that_is_not_written_is_heard_of_on_the_devices_home() {
    answer(twins.patchDesired("valve", "{\"open\":true}", Precondition.NONE, "ann"));
    ExchangeBody nothing =
        new ExchangeBody(
            new TelemetryPayload(List.of(), 0), List.of(), null, null, null, null, List.of());
    Trade.Deal deal =
        answer(
            from(
                elsewhere,
                () ->
                    visitors.receive(caller, home, visitor -> visitor.exchanges(caller, nothing))));
    Visitor visitor = known();
    assertThat(deal.answer().desired()).isPresent();
    CountDownLatch goesOn = new CountDownLatch(1);
    await(busy(home, goesOn, () -> {}));

    deal.taken().unwritten().run();

    Future<Optional<Twin>> untouched = visitor.news().since(null);
    goesOn.countDown();
    assertThat(untouched.isComplete() && untouched.result().isEmpty())
        .as("nothing has changed while the home was busy")
        .isTrue();
    assertThat(answer(from(home, () -> visitor.news().since(null)))).isPresent();
  }
}

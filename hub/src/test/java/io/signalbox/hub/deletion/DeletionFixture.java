package io.signalbox.hub.deletion;

import static io.signalbox.hub.store.Results.answer;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.command.CommandQuery;
import io.signalbox.hub.command.CommandRequest;
import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.command.CommandSettings;
import io.signalbox.hub.command.FullDiskStore;
import io.signalbox.hub.config.Configuration;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.fleet.FleetSettings;
import io.signalbox.hub.fleet.NewDevice;
import io.signalbox.hub.fleet.RegisteredDevice;
import io.signalbox.hub.fleet.SessionRegistry;
import io.signalbox.hub.fleet.TwinService;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.recorder.FlightRecorder;
import io.signalbox.hub.recorder.RecorderEntry;
import io.signalbox.hub.recorder.RecorderSettings;
import io.signalbox.hub.store.sqlite.SqliteDatabase;
import io.signalbox.hub.store.sqlite.TestDatabase;
import io.signalbox.hub.store.sqlite.command.SqliteCommandStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteDeviceStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteSessionStore;
import io.signalbox.hub.store.sqlite.fleet.SqliteTwinStore;
import io.signalbox.hub.store.sqlite.recorder.SqliteRecorderStore;
import io.signalbox.hub.store.sqlite.telemetry.SqliteTelemetryStore;
import io.signalbox.hub.store.sqlite.telemetry.TelemetrySettings;
import io.signalbox.hub.telemetry.HistoryService;
import io.signalbox.hub.telemetry.RecordingTelemetryStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** The services that a deletion touches, on SQLite stores that can be made to refuse. */
final class DeletionFixture implements AutoCloseable {
  static final long T0 = 1_780_000_000_000L;

  final AtomicBoolean commandsRefuse = new AtomicBoolean();
  final RecordingTelemetryStore telemetry;
  final DeviceRegistry registry;
  final CommandService commands;
  final TwinService twins;
  final FlightRecorder recorder;
  final HistoryService history;
  final DeviceDeletion deletion;
  private final Vertx vertx = Vertx.vertx();
  private final SqliteDatabase database;

  /** The services on the data in the directory, not started yet. */
  DeletionFixture(Path directory) {
    database = TestDatabase.open(directory);
    telemetry = new RecordingTelemetryStore(openTelemetry(directory));
    registry =
        new DeviceRegistry(
            new SqliteDeviceStore(database), Topic.of(vertx, "devices"), new ManualClock(T0));
    SessionRegistry sessions =
        new SessionRegistry(
            new SqliteSessionStore(database),
            Topic.of(vertx, "presence"),
            "hub",
            FleetSettings.standard(),
            new ManualClock(T0));
    commands =
        new CommandService(
            new FullDiskStore(new SqliteCommandStore(database), commandsRefuse),
            sessions,
            Topic.of(vertx, "commands"),
            "hub",
            new ManualClock(T0),
            Configuration.defaults(CommandSettings.class));
    twins =
        new TwinService(
            new SqliteTwinStore(database, 100), Topic.of(vertx, "twins"), new ManualClock(T0));
    recorder =
        new FlightRecorder(
            new SqliteRecorderStore(database, 20),
            "hub",
            new ManualClock(T0),
            new RecorderSettings(20, 1_000));
    history = new HistoryService(telemetry, new ManualClock(T0));
    deletion = new DeviceDeletion(registry, sessions, commands, history, recorder);
    answer(commands.open(vertx));
  }

  private static SqliteTelemetryStore openTelemetry(Path directory) {
    try {
      return SqliteTelemetryStore.open(directory, TelemetrySettings.DEFAULTS, new ManualClock(T0));
    } catch (IOException unusable) {
      throw new UncheckedIOException(unusable);
    }
  }

  /** A hub started on the data in the directory. */
  static DeletionFixture started(Path directory) {
    DeletionFixture rig = new DeletionFixture(directory);
    answer(rig.deletion.open(rig.vertx));
    return rig;
  }

  Future<RegisteredDevice> register(String device) {
    return registry.register(new NewDevice(device, null, null, Map.of(), null));
  }

  /** A device with a reading, a command, a desired state and an entry in the flight recorder. */
  Command used(String device) {
    answer(register(device));
    report(device);
    answer(twins.patchDesired(device, "{\"on\":true}", Precondition.NONE, "ann"));
    recorder.note(
        device,
        RecorderEntry.Kind.CONNECTED,
        "connected",
        "it came",
        RecorderEntry.ConnectionInfo.UNKNOWN);
    answer(recorder.flush());
    return answer(submit(device));
  }

  void report(String device) {
    Reading reading = new Reading("t", T0, new Value.Num(21));
    TelemetryMessage message = new TelemetryMessage(device, List.of(reading));
    answer(telemetry.append(new TelemetryBatch(List.of(message), 1)));
  }

  Future<Command> submit(String device) {
    CommandRequest start =
        new CommandRequest("start", "{}", Duration.ofHours(1), null, null, null, null);
    return commands.submit(device, start, "ann");
  }

  List<Command> commandsOf(String device) {
    return answer(commands.list(new CommandQuery(device, null, Set.of(), null, 100))).items();
  }

  @Override
  public void close() {
    answer(commands.close());
    answer(telemetry.close());
    answer(database.close());
    answer(vertx.close());
  }
}

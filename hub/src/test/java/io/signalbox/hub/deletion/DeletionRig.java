package io.signalbox.hub.deletion;

import static io.signalbox.hub.store.Answers.answer;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.command.CommandQuery;
import io.signalbox.hub.command.CommandSettings;
import io.signalbox.hub.command.Commands;
import io.signalbox.hub.command.FullDisk;
import io.signalbox.hub.command.NewCommand;
import io.signalbox.hub.fleet.FleetSettings;
import io.signalbox.hub.fleet.NewDevice;
import io.signalbox.hub.fleet.Presences;
import io.signalbox.hub.fleet.Registered;
import io.signalbox.hub.fleet.Registry;
import io.signalbox.hub.fleet.Twins;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Telemetry;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.recorder.FlightRecorder;
import io.signalbox.hub.recorder.Note;
import io.signalbox.hub.recorder.RecorderSettings;
import io.signalbox.hub.store.embedded.HubDatabase;
import io.signalbox.hub.store.embedded.command.CommandTable;
import io.signalbox.hub.store.embedded.fleet.DeviceTable;
import io.signalbox.hub.store.embedded.fleet.FleetTables;
import io.signalbox.hub.store.embedded.fleet.SessionTable;
import io.signalbox.hub.store.embedded.fleet.TwinTable;
import io.signalbox.hub.store.embedded.job.JobTables;
import io.signalbox.hub.store.embedded.recorder.RecorderTable;
import io.signalbox.hub.store.embedded.telemetry.EmbeddedTelemetryStore;
import io.signalbox.hub.store.embedded.telemetry.TelemetrySettings;
import io.signalbox.hub.telemetry.History;
import io.signalbox.hub.telemetry.WatchedStore;
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

/** What a deletion touches, on the embedded stores; each of its stores can be made to refuse. */
final class DeletionRig implements AutoCloseable {
  static final long T0 = 1_780_000_000_000L;

  final AtomicBoolean commandsRefuse = new AtomicBoolean();
  final WatchedStore telemetry;
  final Registry registry;
  final Commands commands;
  final Twins twins;
  final FlightRecorder recorder;
  final History history;
  final DeviceDeletion deletion;
  private final Vertx vertx = Vertx.vertx();
  private final HubDatabase database;

  /** A hub's middle on what is in the directory, not open yet. */
  DeletionRig(Path directory) {
    database =
        HubDatabase.open(
            directory,
            FleetTables.SCHEMA,
            CommandTable.SCHEMA,
            JobTables.SCHEMA,
            RecorderTable.SCHEMA);
    telemetry = new WatchedStore(openTelemetry(directory));
    registry =
        new Registry(new DeviceTable(database), Topic.of(vertx, "devices"), new ManualClock(T0));
    Presences presences =
        new Presences(
            new SessionTable(database),
            Topic.of(vertx, "presence"),
            FleetSettings.standard(),
            new ManualClock(T0));
    commands =
        new Commands(
            new FullDisk(new CommandTable(database), commandsRefuse),
            presences,
            Topic.of(vertx, "commands"),
            "hub",
            new ManualClock(T0),
            CommandSettings.standard());
    twins = new Twins(new TwinTable(database, 100), Topic.of(vertx, "twins"), new ManualClock(T0));
    recorder =
        new FlightRecorder(
            new RecorderTable(database, 20),
            "hub",
            new ManualClock(T0),
            new RecorderSettings(20, 1_000));
    history = new History(telemetry, new ManualClock(T0));
    deletion = new DeviceDeletion(registry, presences, commands, history, recorder);
    answer(commands.open(vertx));
  }

  private static EmbeddedTelemetryStore openTelemetry(Path directory) {
    try {
      return EmbeddedTelemetryStore.open(
          directory, TelemetrySettings.DEFAULTS, new ManualClock(T0));
    } catch (IOException unusable) {
      throw new UncheckedIOException(unusable);
    }
  }

  /** A hub that has started on what is in the directory. */
  static DeletionRig started(Path directory) {
    DeletionRig rig = new DeletionRig(directory);
    answer(rig.deletion.open(rig.vertx));
    return rig;
  }

  Future<Registered> register(String device) {
    return registry.register(new NewDevice(device, null, null, Map.of(), null));
  }

  /** A device with a reading, a command, a desired state and an entry in the flight recorder. */
  Command used(String device) {
    answer(register(device));
    report(device);
    answer(twins.patchDesired(device, "{\"on\":true}", Precondition.NONE, "ann"));
    recorder.note(device, Note.Kind.CONNECTED, "connected", "it came", Note.Place.UNKNOWN);
    answer(recorder.flush());
    return answer(submit(device));
  }

  void report(String device) {
    Reading reading = new Reading("t", T0, new Value.Num(21));
    Telemetry message = new Telemetry(device, List.of(reading));
    answer(telemetry.append(new TelemetryBatch(List.of(message), 1)));
  }

  Future<Command> submit(String device) {
    NewCommand start = new NewCommand("start", "{}", Duration.ofHours(1), null, null, null, null);
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

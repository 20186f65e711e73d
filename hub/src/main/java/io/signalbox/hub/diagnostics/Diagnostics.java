package io.signalbox.hub.diagnostics;

import io.signalbox.hub.clock.WallClock;
import io.signalbox.hub.command.CommandQuery;
import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.fleet.PresenceIndex;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.recorder.FlightRecorder;
import io.signalbox.hub.recorder.RecorderEntry;
import io.signalbox.hub.recorder.RecorderEntry.Kind;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Explains the state of devices and commands.
 *
 * <p>Threading: any thread.
 */
public final class Diagnostics {
  private static final Set<State> UNFINISHED = Set.of(State.QUEUED, State.SENT, State.ACCEPTED);
  private static final int MOST_UNFINISHED = 1_000;
  private static final int RECENT = 10;
  private static final long AROUND = 60_000;

  private final DeviceRegistry registry;
  private final PresenceIndex presence;
  private final CommandService commands;
  private final DeviceTimeline timeline;
  private final HubLimits hub;
  private final WallClock clock;

  /**
   * Diagnostics on these sources.
   *
   * @param hub limits and state of the hub
   * @param clock Unix milliseconds
   */
  public Diagnostics(
      DeviceRegistry registry,
      PresenceIndex presence,
      CommandService commands,
      FlightRecorder recorder,
      HubLimits hub,
      WallClock clock) {
    this.registry = registry;
    this.presence = presence;
    this.commands = commands;
    this.timeline = new DeviceTimeline(recorder, commands);
    this.hub = hub;
    this.clock = clock;
  }

  /** The timelines of devices. */
  public DeviceTimeline timeline() {
    return timeline;
  }

  /** Explains the presence of a device. {@code UNKNOWN_DEVICE}. */
  public Future<Explanation> device(String id) {
    return registry.get(id).compose(this::snapshot).map(Diagnostics::explain);
  }

  /** Explains the state of a command. {@code UNKNOWN_COMMAND}. */
  public Future<Explanation> command(String id) {
    return commands.get(id).compose(this::explain);
  }

  private Future<Explanation> explain(Command command) {
    return registry
        .get(command.device())
        .map(device -> theSame(device, command))
        .compose(this::snapshot)
        .recover(refused -> ofDeleted(command, refused))
        .map(snapshot -> explain(command, snapshot));
  }

  /** Another device may have been registered with the id since. */
  private static Device theSame(Device device, Command command) {
    if (device.created() > command.created()) {
      throw new Refusal(Refusal.ErrorCode.UNKNOWN_DEVICE, "the device of the command was deleted");
    }
    return device;
  }

  private Future<DeviceSnapshot> snapshot(Device device) {
    Future<Page<Command>> unfinished =
        commands.list(new CommandQuery(device.id(), null, UNFINISHED, null, MOST_UNFINISHED));
    return Future.all(unfinished, timeline.entries(device.id()))
        .map(read -> snapshot(device, unfinished.result(), read.resultAt(1)));
  }

  private DeviceSnapshot snapshot(
      Device device, Page<Command> unfinished, List<RecorderEntry> entries) {
    return new DeviceSnapshot(
        device,
        presence.of(device),
        unfinished.items().reversed(),
        entries,
        hub,
        clock.wallMillis());
  }

  /** Commands outlive their device. */
  private Future<DeviceSnapshot> ofDeleted(Command command, Throwable refused) {
    boolean deleted =
        refused instanceof Refusal refusal && refusal.kind() == Refusal.ErrorCode.UNKNOWN_DEVICE;
    long at = command.timeline().getLast().ts();
    Device gone = new Device(command.device(), null, null, Map.of(), true, command.created());
    Presence nowhere =
        new Presence(Presence.State.OFFLINE, at, SessionEnd.Cause.DELETED, null, 0, null);
    return deleted
        ? Future.succeededFuture(
            new DeviceSnapshot(gone, nowhere, List.of(), List.of(), hub, clock.wallMillis()))
        : Future.failedFuture(refused);
  }

  static Explanation explain(DeviceSnapshot snapshot) {
    return new Explanation(
        snapshot.id(),
        null,
        SummaryText.of(snapshot),
        new DeviceDiagnosis(snapshot).all(),
        snapshot.presence(),
        QueueSummary.of(snapshot.unfinished(), snapshot.hub().window()),
        snapshot.timeline().stream().limit(RECENT).toList());
  }

  static Explanation explain(Command command, DeviceSnapshot snapshot) {
    List<Reason> reasons = new CommandDiagnosis(command, snapshot).all();
    return new Explanation(
        command.device(),
        command,
        SummaryText.of(command, reasons, snapshot.now()),
        reasons,
        snapshot.presence(),
        QueueSummary.of(snapshot.unfinished(), snapshot.hub().window()),
        snapshot.timeline().stream()
            .filter(entry -> bearsOn(entry, command))
            .limit(RECENT)
            .toList());
  }

  private static boolean bearsOn(RecorderEntry entry, Command command) {
    if (entry.kind() == Kind.COMMAND) {
      return command.id().equals(entry.command());
    }
    boolean over = command.state().isFinal();
    long until = over ? command.timeline().getLast().ts() + AROUND : Long.MAX_VALUE;
    return entry.last() >= command.created() - AROUND && entry.ts() <= until;
  }
}

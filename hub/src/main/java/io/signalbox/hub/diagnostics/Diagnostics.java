package io.signalbox.hub.diagnostics;

import io.signalbox.hub.clock.WallClock;
import io.signalbox.hub.command.CommandQuery;
import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.fleet.SessionRegistry;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.recorder.FlightRecorder;
import io.signalbox.hub.recorder.RecorderEntry;
import io.signalbox.hub.recorder.RecorderEntry.Kind;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Answers why a device is where it is, and why a command is in the state it is in.
 *
 * <p>Threading: any thread.
 */
public final class Diagnostics {
  private static final Set<State> UNFINISHED = Set.of(State.QUEUED, State.SENT, State.ACCEPTED);
  private static final int MOST_UNFINISHED = 1_000;
  private static final int RECENT = 10;
  private static final long AROUND = 60_000;

  private final DeviceRegistry registry;
  private final SessionRegistry sessions;
  private final CommandService commands;
  private final DeviceTimeline timeline;
  private final HubLimits hub;
  private final WallClock clock;

  /**
   * Answers from what these know.
   *
   * @param hub what is so of the hub
   * @param clock Unix milliseconds
   */
  public Diagnostics(
      DeviceRegistry registry,
      SessionRegistry sessions,
      CommandService commands,
      FlightRecorder recorder,
      HubLimits hub,
      WallClock clock) {
    this.registry = registry;
    this.sessions = sessions;
    this.commands = commands;
    this.timeline = new DeviceTimeline(recorder, commands);
    this.hub = hub;
    this.clock = clock;
  }

  /** What happened to the devices. */
  public DeviceTimeline timeline() {
    return timeline;
  }

  /** Why a device is where it is. {@code UNKNOWN_DEVICE}. */
  public Future<Explanation> device(String id) {
    return registry.get(id).compose(this::situation).map(Diagnostics::explain);
  }

  /** Why a command is in the state it is in. {@code UNKNOWN_COMMAND}. */
  public Future<Explanation> command(String id) {
    return commands.get(id).compose(this::explain);
  }

  private Future<Explanation> explain(Command command) {
    return registry
        .get(command.device())
        .map(device -> theSame(device, command))
        .compose(this::situation)
        .recover(refused -> ofDeleted(command, refused))
        .map(situation -> explain(command, situation));
  }

  /** Another device may have the id now. */
  private static Device theSame(Device device, Command command) {
    if (device.created() > command.created()) {
      throw new Refusal(Refusal.ErrorCode.UNKNOWN_DEVICE, "there is no such device any more");
    }
    return device;
  }

  private Future<DeviceSnapshot> situation(Device device) {
    Future<Page<Command>> unfinished =
        commands.list(new CommandQuery(device.id(), null, UNFINISHED, null, MOST_UNFINISHED));
    return Future.all(unfinished, timeline.entries(device.id()))
        .map(read -> situation(device, unfinished.result(), read.resultAt(1)));
  }

  private DeviceSnapshot situation(
      Device device, Page<Command> unfinished, List<RecorderEntry> entries) {
    return new DeviceSnapshot(
        device,
        sessions.of(device),
        unfinished.items().reversed(),
        entries,
        hub,
        clock.wallMillis());
  }

  /** A command outlives its device. */
  private Future<DeviceSnapshot> ofDeleted(Command command, Throwable refused) {
    boolean deleted =
        refused instanceof Refusal refusal && refusal.kind() == Refusal.ErrorCode.UNKNOWN_DEVICE;
    long at = command.timeline().getLast().ts();
    Device gone = new Device(command.device(), null, null, Map.of(), true, command.created());
    Presence nowhere = new Presence(Presence.State.OFFLINE, at, "deleted", null, 0, null);
    return deleted
        ? Future.succeededFuture(
            new DeviceSnapshot(gone, nowhere, List.of(), List.of(), hub, clock.wallMillis()))
        : Future.failedFuture(refused);
  }

  static Explanation explain(DeviceSnapshot situation) {
    return new Explanation(
        situation.id(),
        null,
        SummaryText.of(situation),
        new DeviceDiagnosis(situation).all(),
        situation.presence(),
        QueueSummary.of(situation.unfinished(), situation.hub().window()),
        situation.timeline().stream().limit(RECENT).toList());
  }

  static Explanation explain(Command command, DeviceSnapshot situation) {
    List<Reason> reasons = new CommandDiagnosis(command, situation).all();
    return new Explanation(
        command.device(),
        command,
        SummaryText.of(command, reasons, situation.now()),
        reasons,
        situation.presence(),
        QueueSummary.of(situation.unfinished(), situation.hub().window()),
        situation.timeline().stream()
            .filter(note -> bearsOn(note, command))
            .limit(RECENT)
            .toList());
  }

  private static boolean bearsOn(RecorderEntry note, Command command) {
    if (note.kind() == Kind.COMMAND) {
      return command.id().equals(note.command());
    }
    boolean over = command.state().isFinal();
    long until = over ? command.timeline().getLast().ts() + AROUND : Long.MAX_VALUE;
    return note.last() >= command.created() - AROUND && note.ts() <= until;
  }
}

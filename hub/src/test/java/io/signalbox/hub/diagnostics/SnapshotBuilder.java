package io.signalbox.hub.diagnostics;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.recorder.RecorderEntry;
import io.signalbox.hub.recorder.RecorderEntry.ConnectionInfo;
import io.signalbox.hub.recorder.RecorderEntry.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builder of a device's history, step by step, and of the diagnosis at its end. */
final class SnapshotBuilder {
  static final long SECOND = 1_000;
  static final long MINUTE = 60 * SECOND;
  static final long HOUR = 60 * MINUTE;

  /** 2026-11-22 02:00:00 UTC. */
  static final long NIGHT = 1_795_312_800_000L;

  private static final String ADDRESS = "10.0.0.7:5121";

  private final List<RecorderEntry> notes = new ArrayList<>();
  private final List<Command> commands = new ArrayList<>();
  private long now = NIGHT;
  private boolean enabled = true;
  private int window = 3;
  private int keep = 200;
  private @Nullable String obstacle;
  private Presence presence = Presence.neverSeen(NIGHT);

  SnapshotBuilder after(long millis) {
    now += millis;
    return this;
  }

  SnapshotBuilder disabled() {
    enabled = false;
    return this;
  }

  SnapshotBuilder hubNotReady(String why) {
    obstacle = why;
    return this;
  }

  SnapshotBuilder keeping(int most) {
    keep = most;
    return this;
  }

  SnapshotBuilder window(int most) {
    window = most;
    return this;
  }

  SnapshotBuilder connects(long session) {
    presence =
        new Presence(Presence.State.ONLINE, now, null, Transport.WEBSOCKET, session, ADDRESS);
    return note(Kind.CONNECTED, "connected", "connected by websocket, session " + session);
  }

  SnapshotBuilder disconnects(String cause) {
    presence = away(Presence.State.OFFLINE, SessionEnd.of(cause), null, null);
    return note(Kind.DISCONNECTED, cause, "it went");
  }

  SnapshotBuilder sleeps(Presence.State state, long expected) {
    presence = away(state, null, expected, null);
    return this;
  }

  SnapshotBuilder isFlapping(Presence.Flapping.Kind kind, String... addresses) {
    Presence.Flapping flapping =
        new Presence.Flapping(kind, 12, now - 5 * MINUTE, List.of(addresses));
    presence = away(presence.state(), presence.end(), null, flapping);
    return this;
  }

  private Presence away(
      Presence.State state,
      @Nullable SessionEnd end,
      @Nullable Long expected,
      Presence.@Nullable Flapping flapping) {
    return new Presence(state, now, end, Transport.WEBSOCKET, 17, ADDRESS, expected, flapping);
  }

  SnapshotBuilder note(Kind kind, String code, String text) {
    return note(
        RecorderEntry.once(
            "pump-7", now, kind, code, text, new ConnectionInfo(17L, null, ADDRESS), "hub"));
  }

  SnapshotBuilder note(RecorderEntry note) {
    notes.addFirst(note);
    return this;
  }

  RecorderEntry noteOf(Kind kind, String code, String text, int times, long first) {
    return new RecorderEntry(
        "pump-7", first, kind, code, text, ConnectionInfo.UNKNOWN, null, "hub", times, now);
  }

  /** Creates a command now, with a time to live of an hour. */
  SnapshotBuilder commanded(String name) {
    return commanded(name, HOUR, 0);
  }

  SnapshotBuilder commanded(String name, long ttl, long notBefore) {
    String id = "0190-" + name;
    Step made = new Step(State.QUEUED, now, "hub", null, null, "ann", null);
    commands.add(
        new Command(
            id,
            "pump-7",
            name,
            "{}",
            now,
            now + ttl,
            notBefore,
            null,
            "speed",
            null,
            null,
            null,
            null,
            List.of(made)));
    return this;
  }

  /** Adds a step to the newest command. */
  SnapshotBuilder step(
      State state, @Nullable Long session, @Nullable String by, @Nullable String reason) {
    return step(state, session, by, reason, null);
  }

  SnapshotBuilder step(
      State state,
      @Nullable Long session,
      @Nullable String by,
      @Nullable String reason,
      @Nullable String error) {
    Command command = commands.removeLast();
    List<Step> timeline = new ArrayList<>(command.timeline());
    Transport transport = session == null ? null : Transport.WEBSOCKET;
    timeline.add(new Step(state, now, "hub", session, transport, by, reason));
    commands.add(command.with(null, null, error, List.copyOf(timeline)));
    return this;
  }

  SnapshotBuilder sent(long session) {
    return step(State.SENT, session, null, null);
  }

  /** Delivers the newest command on a poll of that session. */
  SnapshotBuilder leased(long session, long millis) {
    Command command = commands.removeLast();
    List<Step> timeline = new ArrayList<>(command.timeline());
    timeline.add(
        new Step(State.SENT, now, "hub", session, Transport.HTTP, null, null, now + millis));
    commands.add(command.withTimeline(List.copyOf(timeline)));
    return this;
  }

  Command command() {
    return commands.getLast();
  }

  DeviceSnapshot situation() {
    Device device = new Device("pump-7", null, null, Map.of(), enabled, NIGHT);
    List<Command> unfinished =
        commands.stream().filter(command -> !command.state().isFinal()).toList();
    Page<Command> newest = new Page<>(commands.reversed(), null, commands.size());
    return new DeviceSnapshot(
        device,
        presence,
        unfinished,
        DeviceTimeline.merged(newest, notes),
        new HubLimits(window, keep, () -> obstacle),
        now);
  }

  Explanation ofDevice() {
    return Diagnostics.explain(situation());
  }

  Explanation ofCommand() {
    return Diagnostics.explain(command(), situation());
  }
}

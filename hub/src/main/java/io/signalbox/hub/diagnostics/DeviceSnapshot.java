package io.signalbox.hub.diagnostics;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.recorder.RecorderEntry;
import io.signalbox.hub.recorder.RecorderEntry.Kind;
import io.signalbox.hub.recorder.TimeText;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Snapshot of everything known of a device.
 *
 * @param unfinished its unfinished commands, oldest first
 * @param timeline its flight recorder entries, newest first
 * @param hub limits and state of the hub
 * @param now Unix milliseconds
 */
record DeviceSnapshot(
    Device device,
    Presence presence,
    List<Command> unfinished,
    List<RecorderEntry> timeline,
    HubLimits hub,
    long now) {
  String id() {
    return device.id();
  }

  boolean isOnline() {
    return presence.state() == Presence.State.ONLINE;
  }

  /** The entries of a kind, newest first. */
  Stream<RecorderEntry> entries(Kind kind) {
    return timeline.stream().filter(entry -> entry.kind() == kind);
  }

  /** The newest entry of a kind that is not older than {@code since}. */
  Optional<RecorderEntry> newest(Kind kind, long since) {
    return entries(kind).filter(entry -> entry.last() >= since).findFirst();
  }

  /** The commands in a state, oldest first. */
  List<Command> in(State state) {
    return unfinished.stream().filter(command -> command.state() == state).toList();
  }

  /** Whether the timeline holds everything since the registration. */
  boolean isWholeStory() {
    long notes = timeline.stream().filter(entry -> entry.kind() != Kind.COMMAND).count();
    return notes < hub.keep() && entries(Kind.GAP).findAny().isEmpty();
  }

  /** The time since {@code ts} in words, with "ago". */
  String ago(long ts) {
    return TimeText.words(now - ts) + " ago";
  }

  /** The time since {@code ts} in words. */
  String since(long ts) {
    return TimeText.words(now - ts);
  }
}

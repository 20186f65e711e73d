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
 * All that is known of a device at one moment.
 *
 * @param unfinished its commands that are not over, oldest first
 * @param timeline what happened to it, newest first
 * @param hub what is so of the hub
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

  /** The notes of a kind, newest first. */
  Stream<RecorderEntry> notes(Kind kind) {
    return timeline.stream().filter(note -> note.kind() == kind);
  }

  /** The newest note of a kind that is not older than that. */
  Optional<RecorderEntry> newest(Kind kind, long since) {
    return notes(kind).filter(note -> note.last() >= since).findFirst();
  }

  /** The commands in a state, oldest first. */
  List<Command> in(State state) {
    return unfinished.stream().filter(command -> command.state() == state).toList();
  }

  /** Whether everything since the device was registered is in the chronicle. */
  boolean isWholeStory() {
    long notes = timeline.stream().filter(note -> note.kind() != Kind.COMMAND).count();
    return notes < hub.keep() && notes(Kind.GAP).findAny().isEmpty();
  }

  /** How long ago it was, in words. */
  String ago(long ts) {
    return TimeText.words(now - ts) + " ago";
  }

  /** How long it has been so, in words. */
  String since(long ts) {
    return TimeText.words(now - ts);
  }
}

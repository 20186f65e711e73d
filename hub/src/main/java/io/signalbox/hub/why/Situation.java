package io.signalbox.hub.why;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.recorder.Note;
import io.signalbox.hub.recorder.Note.Kind;
import io.signalbox.hub.recorder.Spans;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that is known of a device at one moment.
 *
 * @param unfinished its commands that are not over, oldest first
 * @param chronicle what happened to it, newest first
 * @param hub what is so of the hub
 * @param now Unix milliseconds
 */
record Situation(
    Device device,
    Presence presence,
    List<Command> unfinished,
    List<Note> chronicle,
    Terms hub,
    long now) {
  String id() {
    return device.id();
  }

  boolean isOnline() {
    return presence.state() == Presence.State.ONLINE;
  }

  /** The notes of a kind, newest first. */
  Stream<Note> notes(Kind kind) {
    return chronicle.stream().filter(note -> note.kind() == kind);
  }

  /** The newest note of a kind that is not older than that. */
  Optional<Note> newest(Kind kind, long since) {
    return notes(kind).filter(note -> note.last() >= since).findFirst();
  }

  /** The commands in a state, oldest first. */
  List<Command> in(State state) {
    return unfinished.stream().filter(command -> command.state() == state).toList();
  }

  /** Whether everything since the device was registered is in the chronicle. */
  boolean isWholeStory() {
    long notes = chronicle.stream().filter(note -> note.kind() != Kind.COMMAND).count();
    return notes < hub.keep() && notes(Kind.GAP).findAny().isEmpty();
  }

  /** How long ago it was, in words. */
  String ago(long ts) {
    return Spans.words(now - ts) + " ago";
  }

  /** How long it has been so, in words. */
  String since(long ts) {
    return Spans.words(now - ts);
  }
}

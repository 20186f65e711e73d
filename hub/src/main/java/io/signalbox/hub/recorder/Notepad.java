package io.signalbox.hub.recorder;

import io.signalbox.hub.recorder.Note.Kind;
import io.signalbox.hub.recorder.Note.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was noted and is not in the store yet. The same thing again costs a count, not a note. When
 * it is full, the oldest note goes, and the device that it was of gets one that says how many are
 * missing.
 *
 * <p>Threading: any thread; every method is short and holds one lock.
 */
final class Notepad {
  private static final String NOT_KEPT = "not kept: the store was behind or refused";

  /** What makes two notes the same thing. */
  private record Subject(String device, Kind kind, String code) {
    static Subject of(Note note) {
      return new Subject(note.device(), note.kind(), note.code());
    }
  }

  private final int most;
  private final LinkedHashMap<Subject, Note> notes = new LinkedHashMap<>();

  /** By device: at most one for each that is registered. */
  private final Map<String, Note> gaps = new HashMap<>();

  private long dropped;

  Notepad(int most) {
    this.most = most;
  }

  synchronized void add(Note note) {
    notes.merge(Subject.of(note), note, Note::and);
    if (notes.size() > most) {
      drop(notes.pollFirstEntry().getValue());
    }
  }

  /** Tears off what is missing, then the oldest notes. */
  synchronized List<Note> take(int atMost) {
    List<Note> taken = new ArrayList<>();
    for (var gap = gaps.values().iterator(); gap.hasNext() && taken.size() < atMost; ) {
      taken.add(gap.next());
      gap.remove();
    }
    while (taken.size() < atMost && !notes.isEmpty()) {
      taken.add(notes.pollFirstEntry().getValue());
    }
    return taken;
  }

  /** Notes that could not be written: they are older than what was noted since. */
  synchronized void putBack(List<Note> taken) {
    for (Note note : taken.reversed()) {
      if (note.kind() == Kind.GAP) {
        gaps.merge(note.device(), note, (newer, older) -> older.and(newer));
      } else {
        Note newer = notes.remove(Subject.of(note));
        notes.putFirst(Subject.of(note), newer == null ? note : note.and(newer));
      }
    }
    while (notes.size() > most) {
      drop(notes.pollFirstEntry().getValue());
    }
  }

  /** The device is deleted. */
  synchronized void forget(String device) {
    notes.keySet().removeIf(subject -> subject.device().equals(device));
    gaps.remove(device);
  }

  /** What is noted of a device, in the order in which it happened first. */
  synchronized List<Note> notes(String device) {
    List<Note> its = new ArrayList<>();
    if (gaps.containsKey(device)) {
      its.add(gaps.get(device));
    }
    notes.values().stream().filter(note -> note.device().equals(device)).forEach(its::add);
    return its;
  }

  synchronized int size() {
    return notes.size() + gaps.size();
  }

  /** How many notes were dropped since the start. */
  synchronized long dropped() {
    return dropped;
  }

  private void drop(Note note) {
    dropped++;
    Note gap =
        new Note(
            note.device(),
            note.ts(),
            Kind.GAP,
            "dropped",
            NOT_KEPT,
            Place.UNKNOWN,
            null,
            note.node(),
            1,
            note.last());
    gaps.merge(note.device(), gap, Note::and);
  }
}

package io.signalbox.hub.recorder;

import io.signalbox.hub.recorder.RecorderEntry.ConnectionInfo;
import io.signalbox.hub.recorder.RecorderEntry.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Buffer of entries that are not in the store yet. A repeated event increments a count instead of
 * adding an entry. If the buffer is full, the oldest entry is dropped, and its device gets a gap
 * entry with the number of missing entries.
 *
 * <p>Threading: any thread; every method is short and holds one lock.
 */
final class EntryBuffer {
  private static final String NOT_KEPT = "not kept: the store was behind or refused";

  /** Identity of an event: equal subjects are repetitions. */
  private record Subject(String device, Kind kind, String code) {
    static Subject of(RecorderEntry note) {
      return new Subject(note.device(), note.kind(), note.code());
    }
  }

  private final int most;
  private final LinkedHashMap<Subject, RecorderEntry> notes = new LinkedHashMap<>();

  /** Gap entries by device, at most one per registered device. */
  private final Map<String, RecorderEntry> gaps = new HashMap<>();

  private long dropped;

  EntryBuffer(int most) {
    this.most = most;
  }

  synchronized void add(RecorderEntry note) {
    notes.merge(Subject.of(note), note, RecorderEntry::and);
    if (notes.size() > most) {
      drop(notes.pollFirstEntry().getValue());
    }
  }

  /** Removes and returns gap entries, then the oldest entries. */
  synchronized List<RecorderEntry> take(int atMost) {
    List<RecorderEntry> taken = new ArrayList<>();
    for (var gap = gaps.values().iterator(); gap.hasNext() && taken.size() < atMost; ) {
      taken.add(gap.next());
      gap.remove();
    }
    while (taken.size() < atMost && !notes.isEmpty()) {
      taken.add(notes.pollFirstEntry().getValue());
    }
    return taken;
  }

  /** Puts back entries that could not be written; they are older than those added since. */
  synchronized void putBack(List<RecorderEntry> taken) {
    for (RecorderEntry note : taken.reversed()) {
      if (note.kind() == Kind.GAP) {
        gaps.merge(note.device(), note, (newer, older) -> older.and(newer));
      } else {
        RecorderEntry newer = notes.remove(Subject.of(note));
        notes.putFirst(Subject.of(note), newer == null ? note : note.and(newer));
      }
    }
    while (notes.size() > most) {
      drop(notes.pollFirstEntry().getValue());
    }
  }

  /** Drops the entries of a deleted device. */
  synchronized void forget(String device) {
    notes.keySet().removeIf(subject -> subject.device().equals(device));
    gaps.remove(device);
  }

  /** The buffered entries of a device, in the order of their first occurrence. */
  synchronized List<RecorderEntry> notes(String device) {
    List<RecorderEntry> its = new ArrayList<>();
    if (gaps.containsKey(device)) {
      its.add(gaps.get(device));
    }
    notes.values().stream().filter(note -> note.device().equals(device)).forEach(its::add);
    return its;
  }

  synchronized int size() {
    return notes.size() + gaps.size();
  }

  /** Number of entries dropped since the start. */
  synchronized long dropped() {
    return dropped;
  }

  private void drop(RecorderEntry note) {
    dropped++;
    RecorderEntry gap =
        new RecorderEntry(
            note.device(),
            note.ts(),
            Kind.GAP,
            "dropped",
            NOT_KEPT,
            ConnectionInfo.UNKNOWN,
            null,
            note.node(),
            1,
            note.last());
    gaps.merge(note.device(), gap, RecorderEntry::and);
  }
}

package io.signalbox.hub.diagnostics;

import io.signalbox.hub.model.Presence;
import io.signalbox.hub.recorder.RecorderEntry;
import io.signalbox.hub.recorder.RecorderEntry.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * A time during which a device was not there.
 *
 * @param from Unix milliseconds
 * @param to Unix milliseconds
 * @param cause why, as presence says it
 */
record OfflinePeriod(long from, long to, String cause) {
  /** The absences that the chronicle tells of, oldest first; the last one may go on. */
  static List<OfflinePeriod> of(DeviceSnapshot situation) {
    List<OfflinePeriod> absences = new ArrayList<>();
    // What was before the oldest note is only known if nothing is missing.
    boolean away = situation.isWholeStory();
    long from = situation.device().created();
    String cause = "never seen";
    for (RecorderEntry note : situation.timeline().reversed()) {
      if (away && begins(note)) {
        absences.add(new OfflinePeriod(from, since(note, from), cause));
        away = false;
      } else if (!away && ends(note)) {
        away = true;
        from = note.last();
        cause = note.code();
      }
    }
    Presence presence = situation.presence();
    if (presence.state() == Presence.State.OFFLINE) {
      absences.add(new OfflinePeriod(presence.since(), situation.now(), presence.cause()));
    }
    return absences;
  }

  /** Many polls are one note. */
  private static long since(RecorderEntry note, long from) {
    return note.kind() == Kind.POLLED ? Math.max(from, note.ts()) : note.last();
  }

  /** The session of a poller goes on when the hub was restarted: then it just polls. */
  private static boolean begins(RecorderEntry note) {
    return note.kind() == Kind.CONNECTED
        || note.kind() == Kind.TAKEOVER
        || note.kind() == Kind.POLLED;
  }

  private static boolean ends(RecorderEntry note) {
    return note.kind() == Kind.DISCONNECTED || note.kind() == Kind.RESTARTED;
  }

  boolean overlaps(long start, long end) {
    return from < end && to > start;
  }
}

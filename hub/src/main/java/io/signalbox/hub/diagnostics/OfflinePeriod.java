package io.signalbox.hub.diagnostics;

import io.signalbox.hub.model.Presence;
import io.signalbox.hub.recorder.RecorderEntry;
import io.signalbox.hub.recorder.RecorderEntry.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * A period during which a device was offline.
 *
 * @param from Unix milliseconds
 * @param to Unix milliseconds
 * @param cause cause, as in the presence
 */
record OfflinePeriod(long from, long to, String cause) {
  /** The offline periods in the timeline, oldest first; the last one may last until now. */
  static List<OfflinePeriod> of(DeviceSnapshot snapshot) {
    List<OfflinePeriod> absences = new ArrayList<>();
    // The time before the oldest entry is known only if no entries are missing.
    boolean away = snapshot.isWholeStory();
    long from = snapshot.device().created();
    String cause = "never-seen";
    for (RecorderEntry entry : snapshot.timeline().reversed()) {
      if (away && begins(entry)) {
        absences.add(new OfflinePeriod(from, since(entry, from), cause));
        away = false;
      } else if (!away && ends(entry)) {
        away = true;
        from = entry.last();
        cause = entry.code();
      }
    }
    Presence presence = snapshot.presence();
    if (presence.state() == Presence.State.OFFLINE) {
      absences.add(new OfflinePeriod(presence.since(), snapshot.now(), presence.cause()));
    }
    return absences;
  }

  /** Repeated polls share one entry. */
  private static long since(RecorderEntry entry, long from) {
    return entry.kind() == Kind.POLLED ? Math.max(from, entry.ts()) : entry.last();
  }

  /** The session of a poller survives a restart of the hub, so its next poll ends the period. */
  private static boolean begins(RecorderEntry entry) {
    return entry.kind() == Kind.CONNECTED
        || entry.kind() == Kind.TAKEOVER
        || entry.kind() == Kind.POLLED;
  }

  private static boolean ends(RecorderEntry entry) {
    return entry.kind() == Kind.DISCONNECTED || entry.kind() == Kind.RESTARTED;
  }

  boolean overlaps(long start, long end) {
    return from < end && to > start;
  }
}

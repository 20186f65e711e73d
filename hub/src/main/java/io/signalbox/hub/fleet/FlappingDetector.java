package io.signalbox.hub.fleet;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.fleet.SessionState.Connected;
import io.signalbox.hub.fleet.SessionState.Offline;
import io.signalbox.hub.fleet.SessionState.Present;
import io.signalbox.hub.model.Presence.Flapping;
import io.signalbox.hub.model.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the peace: knows whose sessions come and go, gives a name to who does not come to rest, and
 * makes those wait who take an id from each other. Nothing is kept of devices that are calm, and
 * nothing over a restart. Times are of the monotonic clock.
 *
 * <p>Threading: any thread.
 */
final class FlappingDetector {
  /** What the hub does to devices is not held against them. */
  private static final Set<String> NOT_THEIR_DOING = Set.of("hub restarted", "draining");

  private final HubClock clock;
  private final Map<String, FlappingTracker> trackers = new ConcurrentHashMap<>();
  private final int flappingThreshold;
  private final long windowMillis;

  FlappingDetector(FleetSettings settings, HubClock clock) {
    this.clock = clock;
    this.flappingThreshold = settings.flappingThreshold();
    this.windowMillis = settings.flappingWindow().toMillis();
  }

  /** What the device is called; null for one that is calm. */
  @Nullable Flapping flappingOf(String device) {
    FlappingTracker tracker = trackers.get(device);
    return tracker == null ? null : tracker.flapping();
  }

  /** Refuses who asks too soon for an id that others fight for; the holder is left in peace. */
  void checkClaim(String device, @Nullable SessionState present, long now) {
    FlappingTracker tracker = trackers.get(device);
    int seconds = tracker == null || !(present instanceof Present) ? 0 : tracker.claim(now);
    if (seconds > 0 && present instanceof Present holder) {
      String who = "device %s is held by %s".formatted(device, holder.session().address());
      String wait = "two connections take it from each other: try again in " + seconds + " s";
      throw new Refusal(Refusal.ErrorCode.TOO_FAST, who + "; " + wait).retryIn(seconds);
    }
  }

  /** A session has begun, perhaps in the place of another. */
  void sessionStarted(Session session, @Nullable SessionState before, long now) {
    boolean takeover = before instanceof Present;
    FlappingTracker tracker = track(session.device(), before, now, takeover);
    if (tracker != null) {
      tracker.changed(takeover ? 2 : 1, now, session.address());
    }
    // Who was between two polls holds nothing that could be taken.
    if (tracker != null && before instanceof Connected older) {
      tracker.takenOver(older.session().address(), session.address(), now);
    }
  }

  /**
   * A poller's session has gone from one address to another, and both are there.
   *
   * @return whether the device has got a name by that
   */
  boolean moved(Session session, String to, int takeovers, long now) {
    FlappingTracker tracker =
        trackers.computeIfAbsent(
            session.device(),
            device -> new FlappingTracker(flappingThreshold, windowMillis, now, clock.wallOf(now)));
    boolean nameless = tracker.flapping() == null;
    for (int i = 0; i < takeovers; i++) {
      tracker.takenOver(session.address(), to, now);
    }
    return nameless && tracker.flapping() != null;
  }

  /** A session has ended. */
  void sessionEnded(Present before, Offline away, long now) {
    Session session = before.session();
    if (!NOT_THEIR_DOING.contains(away.last().cause())) {
      FlappingTracker tracker = track(session.device(), before, now, false);
      if (tracker != null) {
        tracker.changed(1, now, session.address());
      }
    }
  }

  /**
   * Whom a newer session displaced has answered: it was alive.
   *
   * @return whether the device has got a name by that
   */
  boolean confirmAlive(String device, long now) {
    FlappingTracker tracker = trackers.get(device);
    return tracker != null && tracker.confirmAlive(now);
  }

  /** What is said to whom another takes the id from. */
  String closeReason(Session displacing) {
    FlappingTracker tracker = trackers.get(displacing.device());
    int pause = tracker == null ? 0 : tracker.pauseSeconds();
    String replaced = "replaced by " + displacing.address();
    return pause == 0
        ? replaced
        : "%s; two connections fight for this id; Retry-After: %d".formatted(replaced, pause);
  }

  /** Forgets who is calm; answers whose name goes with that. */
  List<String> forgetSettled(long now) {
    List<String> pacified = new ArrayList<>();
    trackers.forEach(
        (device, tracker) -> {
          if (tracker.isOver(now)
              && trackers.remove(device, tracker)
              && tracker.flapping() != null) {
            pacified.add(device);
          }
        });
    return pacified;
  }

  /** Forgets a device that is no more. */
  void forget(String device) {
    trackers.remove(device);
  }

  private @Nullable FlappingTracker track(
      String device, @Nullable SessionState before, long now, boolean anyway) {
    FlappingTracker known = trackers.get(device);
    if (known != null || before == null) {
      return known;
    }
    boolean soon = isSoonAfter(before, now);
    return soon || anyway ? begin(device, soon ? before : null, now) : null;
  }

  private FlappingTracker begin(String device, @Nullable SessionState counting, long now) {
    long began = counting == null ? now : clock.monotonicOf(counting.lastChange());
    FlappingTracker tracker =
        new FlappingTracker(flappingThreshold, windowMillis, began, clock.wallOf(began));
    if (counting != null) {
      tracker.changed(1, began, "");
    }
    trackers.put(device, tracker);
    return tracker;
  }

  private boolean isSoonAfter(SessionState before, long now) {
    boolean own =
        !(before instanceof Offline away) || !NOT_THEIR_DOING.contains(away.last().cause());
    // Only a stamp says when that was: a step of the clock in between makes it a guess, which the
    // next change puts right.
    return own && Math.abs(clock.wallOf(now) - before.lastChange()) <= windowMillis;
  }
}

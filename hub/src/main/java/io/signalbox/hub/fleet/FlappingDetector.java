package io.signalbox.hub.fleet;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.fleet.SessionState.Connected;
import io.signalbox.hub.fleet.SessionState.Offline;
import io.signalbox.hub.fleet.SessionState.Present;
import io.signalbox.hub.fleet.SessionState.Sleeping;
import io.signalbox.hub.fleet.SessionStore.Claim;
import io.signalbox.hub.fleet.SessionStore.StoredSession;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Presence.Flapping;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Detects flapping devices and delays takeovers of contested ids. It counts the claims of this
 * node: the answer to a claim says what it displaced, on whichever node that was. Nothing is kept
 * for devices that are not flapping, and nothing across a restart. Times are of the monotonic
 * clock.
 *
 * <p>Threading: any thread.
 */
final class FlappingDetector {
  private final HubClock clock;
  private final Map<String, FlappingTracker> trackers = new ConcurrentHashMap<>();
  private final int flappingThreshold;
  private final long windowMillis;

  FlappingDetector(FleetSettings settings, HubClock clock) {
    this.clock = clock;
    this.flappingThreshold = settings.flappingThreshold();
    this.windowMillis = settings.flappingWindow().toMillis();
  }

  /** The flapping state of the device; null if it is not flapping. */
  @Nullable Flapping flappingOf(String device) {
    FlappingTracker tracker = trackers.get(device);
    return tracker == null ? null : tracker.flapping();
  }

  /**
   * Refuses a claim that comes too soon for a contested id; the present holder is not disturbed.
   *
   * @param presence the presence of all devices, on any node
   */
  void checkClaim(String device, PresenceIndex presence, long now) {
    FlappingTracker tracker = trackers.get(device);
    if (tracker == null) {
      return;
    }
    Presence holder = presence.of(device);
    int seconds = holder.state() == Presence.State.OFFLINE ? 0 : tracker.claim(now);
    if (seconds > 0) {
      String who = "device %s is held by %s".formatted(device, holder.address());
      String wait = "two connections compete for it: try again in " + seconds + " s";
      throw new Refusal(Refusal.ErrorCode.RATE_LIMITED, who + "; " + wait).retryIn(seconds);
    }
  }

  /**
   * Records that a session started, perhaps in place of another.
   *
   * @param here the session that it displaces on this node; null if there is none
   * @param claim names the session before it, on any node
   */
  void sessionStarted(
      Session session, @Nullable Present here, Claim claim, PresenceIndex presence, long now) {
    SessionState before = before(session.device(), here, claim, presence);
    if (before instanceof Present moving && !moving.equals(here) && isNextPoll(moving, session)) {
      return;
    }
    boolean takeover = before instanceof Present;
    FlappingTracker tracker = track(session.device(), before, now, takeover);
    if (tracker != null) {
      tracker.changed(takeover ? 2 : 1, now, session.address());
    }
    // A poller between two polls has no connection that could be taken over.
    if (tracker != null && before instanceof Connected older) {
      tracker.takenOver(older.session().address(), session.address(), now);
    }
  }

  /**
   * Whether a session on another node is followed by the next request of the same poller. Behind a
   * load balancer that request may come before the event that the previous one has ended.
   */
  private static boolean isNextPoll(Present before, Session session) {
    Session older = before.session();
    return session.transport() == Transport.HTTP
        && older.transport() == Transport.HTTP
        && (before instanceof Sleeping || older.host().equals(session.host()));
  }

  /**
   * The state of the session that the claim names; the one that it displaces here may be an older
   * one. The index may know a later state than the store, which gets the states of pollers in
   * rounds, and may have refused an end.
   */
  private @Nullable SessionState before(
      String device, @Nullable Present here, Claim claim, PresenceIndex presence) {
    StoredSession previous = claim.previous();
    if (previous == null) {
      return null;
    }
    long epoch = previous.presence().session();
    if (here != null && here.epoch() == epoch) {
      return here;
    }
    Presence known = presence.of(device);
    boolean isLater = claim.displaced() != null && known.session() == epoch;
    return SessionState.of(
        device,
        isLater ? new StoredSession(known, previous.contact(), previous.node()) : previous,
        clock);
  }

  /**
   * Records that a poller's session alternates between two addresses.
   *
   * @return whether the device counts as flapping since this call
   */
  boolean moved(Session session, String to, int takeovers, long now) {
    FlappingTracker tracker =
        trackers.computeIfAbsent(
            session.device(),
            device -> new FlappingTracker(flappingThreshold, windowMillis, now, clock.wallOf(now)));
    boolean calm = tracker.flapping() == null;
    for (int i = 0; i < takeovers; i++) {
      tracker.takenOver(session.address(), to, now);
    }
    return calm && tracker.flapping() != null;
  }

  /** Records that a session ended. */
  void sessionEnded(Present before, Offline away, long now) {
    Session session = before.session();
    if (!isCausedByHub(away)) {
      FlappingTracker tracker = track(session.device(), before, now, false);
      if (tracker != null) {
        tracker.changed(1, now, session.address());
      }
    }
  }

  /**
   * Records that a displaced session was still alive.
   *
   * @return whether the device counts as flapping since this call
   */
  boolean confirmAlive(String device, long now) {
    FlappingTracker tracker = trackers.get(device);
    return tracker != null && tracker.confirmAlive(now);
  }

  /** The end of a session that is displaced by one from this address. */
  SessionEnd replacedBy(String device, String address) {
    FlappingTracker tracker = trackers.get(device);
    return new SessionEnd.Replaced(address, tracker == null ? 0 : tracker.pauseSeconds());
  }

  /** Forgets devices that are calm; returns those that counted as flapping. */
  List<String> forgetSettled(long now) {
    List<String> settled = new ArrayList<>();
    trackers.forEach(
        (device, tracker) -> {
          if (tracker.isOver(now)
              && trackers.remove(device, tracker)
              && tracker.flapping() != null) {
            settled.add(device);
          }
        });
    return settled;
  }

  /** Forgets a deleted device. */
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
    boolean own = !(before instanceof Offline away) || !isCausedByHub(away);
    // The stamp may be off by a step of the clock in between; the next change corrects that.
    return own && Math.abs(clock.wallOf(now) - before.lastChange()) <= windowMillis;
  }

  /** Ends that affect all devices of a hub do not count as flapping. */
  private static boolean isCausedByHub(Offline away) {
    SessionEnd end = away.last().end();
    return end == Cause.HUB_RESTARTED || end == Cause.NODE_LOST || end == Cause.DRAINING;
  }
}

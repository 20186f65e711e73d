package io.signalbox.hub.fleet;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.fleet.SessionState.Connected;
import io.signalbox.hub.fleet.SessionState.Present;
import io.signalbox.hub.fleet.SessionState.Sleeping;
import io.signalbox.hub.fleet.SessionStore.StoredSession;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.SessionEnd.Cause;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of this node, by device, and how many there are.
 *
 * <p>Threading: any thread may read, without a lock; changes are made under the registry's lock.
 */
final class SessionTable {
  private final Map<String, Present> sessions = new ConcurrentHashMap<>();
  private final AtomicInteger online = new AtomicInteger();
  private final AtomicInteger resting = new AtomicInteger();

  /** The device's session; null if it has none here. */
  @Nullable Present get(String device) {
    return sessions.get(device);
  }

  /** The state of this session; null if it is not the device's present one. */
  @Nullable Present get(Session session) {
    Present current = sessions.get(session.device());
    return current == null || !current.isOf(session) ? null : current;
  }

  /** The same session in another state, or a newer one. */
  void put(Present state) {
    Present before = sessions.put(state.session().device(), state);
    if (before == null || before.getClass() != state.getClass()) {
      count(before, -1);
      count(state, 1);
    }
  }

  /**
   * Adds the stored sessions of this node; other stored states go to the index. Events may have
   * come before: a session that is older than one of them has been displaced.
   *
   * @param now when the sessions that were connected were ended, Unix milliseconds
   * @return the presence of those devices
   */
  Map<String, Presence> restore(
      Map<String, StoredSession> stored,
      String node,
      long now,
      PresenceIndex presence,
      HubClock clock) {
    Map<String, Presence> cutOff = new HashMap<>();
    stored.forEach(
        (device, kept) -> {
          Presence last = kept.presence();
          boolean isOurs = kept.node().equals(node);
          boolean isPresent = isOurs && last.session() >= presence.of(device).session();
          if (isPresent && SessionState.of(device, kept, clock) instanceof Present poller) {
            put(poller);
          } else {
            presence.restore(device, last);
          }
          if (isOurs && last.since() == now && last.end() == Cause.HUB_RESTARTED) {
            cutOff.put(device, last);
          }
        });
    return cutOff;
  }

  /**
   * Adds a session that another node has left, if it is a poller's.
   *
   * @return its state; null if a newer session is known
   */
  @Nullable SessionState taken(
      String device, StoredSession kept, PresenceIndex presence, HubClock clock) {
    SessionState state = SessionState.of(device, kept, clock);
    if (presence.of(device).session() > state.epoch()) {
      return null;
    }
    if (state instanceof Present poller) {
      put(poller);
    }
    return state;
  }

  /** Removes the pollers between two polls, which another node expects; the index keeps them. */
  void leavePollers(PresenceIndex presence, HubClock clock) {
    List.copyOf(sessions.values())
        .forEach(
            state -> {
              if (state instanceof Sleeping poller) {
                presence.restore(poller.session().device(), poller.presence(null, clock));
                remove(poller.session().device());
              }
            });
  }

  void remove(String device) {
    count(sessions.remove(device), -1);
  }

  private void count(@Nullable Present state, int one) {
    if (state instanceof Connected) {
      online.addAndGet(one);
    } else if (state instanceof Sleeping) {
      resting.addAndGet(one);
    }
  }

  /** Number of devices that are online here. */
  int online() {
    return online.get();
  }

  /** Whether some poller is between two polls. */
  boolean hasPollers() {
    return resting.get() > 0;
  }

  /** All sessions; cannot be changed. */
  Map<String, Present> all() {
    return Collections.unmodifiableMap(sessions);
  }
}

package io.signalbox.hub.fleet;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.fleet.SessionState.Offline;
import io.signalbox.hub.fleet.SessionStore.StoredSession;
import io.signalbox.hub.model.Event.PresenceChanged;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.SessionEnd;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sessions that change their node: those of a lost node are taken over, those of this node are
 * given up when the others took it for lost.
 *
 * <p>Threading: any thread; state is changed under the registry's lock.
 */
final class SessionTakeover {
  /** No node has this name, so what it holds is nothing. */
  private static final String NOBODY = "";

  private final SessionRegistry registry;
  private final SessionStore store;
  private final String node;
  private final SessionTable sessions;
  private final PresenceEvents events;
  private final HubClock clock;

  /**
   * A takeover for the registry.
   *
   * @param registry whose lock is held while state is changed
   */
  SessionTakeover(
      SessionRegistry registry,
      SessionStore store,
      String node,
      SessionTable sessions,
      PresenceEvents events,
      HubClock clock) {
    this.registry = registry;
    this.store = store;
    this.node = node;
    this.sessions = sessions;
    this.events = events;
    this.clock = clock;
  }

  /** Takes over the sessions of a lost node; returns the devices that became offline. */
  Future<Map<String, Presence>> takeOver(String lost, SessionEnd end) {
    return store.takeOver(lost, node, clock.wallMillis(), end).map(this::taken);
  }

  private Map<String, Presence> taken(Map<String, StoredSession> changed) {
    Map<String, Presence> cutOff = new HashMap<>();
    synchronized (registry) {
      changed.forEach(
          (device, kept) -> {
            SessionState state = sessions.taken(device, kept, events.presence(), clock);
            if (state != null) {
              events.publish(device, state);
            }
            if (state instanceof Offline away) {
              cutOff.put(device, away.last());
            }
          });
    }
    return cutOff;
  }

  /** Gives up all sessions here: another node has ended those that are connected, or will. */
  void giveUp(SessionEnd end) {
    synchronized (registry) {
      sessions.leavePollers(events.presence(), clock);
    }
    List.copyOf(sessions.all().keySet()).forEach(device -> registry.evict(device, end));
  }

  /**
   * Reads the sessions of all nodes anew, because events may have been lost. A session here that is
   * not the present one any more ends.
   */
  Future<Void> reload() {
    return store
        .recover(NOBODY, clock.wallMillis(), SessionEnd.Cause.NODE_LOST)
        .map(
            stored -> {
              stored.forEach(this::reload);
              return null;
            });
  }

  private void reload(String device, StoredSession stored) {
    Presence present = stored.presence();
    Presence known = events.presence().of(device);
    boolean ended = present.state() == Presence.State.OFFLINE;
    if (present.session() > known.session() || (present.session() == known.session() && ended)) {
      registry.presenceChanged(new PresenceChanged(device, present));
    }
  }
}

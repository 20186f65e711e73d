package io.signalbox.hub.fleet;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.fleet.SessionState.Offline;
import io.signalbox.hub.fleet.SessionState.Present;
import io.signalbox.hub.model.Event.PresenceChanged;
import io.signalbox.hub.model.Presence;
import org.jspecify.annotations.Nullable;

/**
 * Presence events: publishes those of the sessions of this node, with their flapping states, and
 * applies those of all nodes to the index and to the sessions.
 *
 * <p>Threading: under the registry's lock, so events are published in the order of the changes; any
 * thread may read the index.
 */
final class PresenceEvents {
  private final Topic<PresenceChanged> changes;
  private final SessionTable sessions;
  private final FlappingDetector flappingDetector;
  private final HubClock clock;
  private final PresenceIndex presence = new PresenceIndex(this::presenceHere);
  private boolean publishing;

  PresenceEvents(
      Topic<PresenceChanged> changes,
      SessionTable sessions,
      FlappingDetector flappingDetector,
      HubClock clock) {
    this.changes = changes;
    this.sessions = sessions;
    this.flappingDetector = flappingDetector;
    this.clock = clock;
  }

  /** The presence of all devices. */
  PresenceIndex presence() {
    return presence;
  }

  /** Publishes the state of a session of this node, or of one that this node has ended. */
  void publish(String device, SessionState state) {
    publishing = true;
    try {
      changes.publish(new PresenceChanged(device, presenceOf(device, state)));
    } finally {
      publishing = false;
    }
  }

  /**
   * Publishes the presence again, because the flapping state has changed here. A device that is
   * present on another node is published there.
   */
  void publishAgain(String device) {
    Present current = sessions.get(device);
    Presence last = presence.of(device);
    if (current != null) {
      publish(device, current);
    } else if (last.state() == Presence.State.OFFLINE && last.session() != 0) {
      publish(device, new Offline(last.withFlapping(null)));
    }
  }

  /**
   * Applies an event of this node or of another one.
   *
   * @return the session here that it ends, or null: another node has opened a newer one, or has
   *     ended this one
   */
  @Nullable Present apply(PresenceChanged change) {
    Presence now = change.presence();
    Present current = sessions.get(change.device());
    if (current != null && current.epoch() > now.session()) {
      return null; // a late event
    }
    boolean isOfCurrent = current != null && current.epoch() == now.session();
    boolean over = now.state() == Presence.State.OFFLINE;
    presence.changed(change, isOfCurrent && !over);
    if (current == null || (isOfCurrent && (publishing || !over))) {
      return null;
    }
    sessions.remove(change.device());
    return current;
  }

  private @Nullable Presence presenceHere(String device) {
    Present current = sessions.get(device);
    return current == null ? null : presenceOf(device, current);
  }

  private Presence presenceOf(String device, SessionState state) {
    return state.presence(flappingDetector.flappingOf(device), clock);
  }
}

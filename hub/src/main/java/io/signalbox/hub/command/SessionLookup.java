package io.signalbox.hub.command;

import io.signalbox.hub.fleet.SessionRegistry;
import io.signalbox.hub.model.Presence;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What mailboxes ask of the sessions of all nodes.
 *
 * @param plannedContact the planned next contact of a device (Unix milliseconds); null if none is
 *     planned
 * @param elsewhere finds the sessions of other nodes
 */
record SessionLookup(Function<String, @Nullable Long> plannedContact, Elsewhere elsewhere) {
  /** Whether the session of that epoch is the device's present one, and held by another node. */
  @FunctionalInterface
  interface Elsewhere {
    boolean test(String device, long epoch);
  }

  static SessionLookup of(SessionRegistry sessions) {
    return new SessionLookup(
        device -> plannedContact(sessions.presence().of(device)), sessions::isElsewhere);
  }

  private static @Nullable Long plannedContact(Presence presence) {
    return presence.state() == Presence.State.ASLEEP ? presence.expected() : null;
  }
}

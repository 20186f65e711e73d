package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Presence;

/** Where a device that was ever here is now. One hangs on each, so they are small. */
sealed interface Whereabouts {
  /** What is told of it. */
  Presence presence();

  /** No session is open. */
  record Away(Presence presence) implements Whereabouts {}

  /**
   * A session is open.
   *
   * @param takeovers how many sessions replaced one another since {@code firstTakeover}
   * @param firstTakeover Unix milliseconds
   */
  record Attached(Session session, Eviction eviction, int takeovers, long firstTakeover)
      implements Whereabouts {
    private static final long WINDOW_MILLIS = 60_000;
    private static final int FLAPPING_TAKEOVERS = 4;

    static Attached alone(Session session, Eviction eviction) {
      return new Attached(session, eviction, 0, session.since());
    }

    /** The newer session that takes this one's place. */
    Attached replacedBy(Session newer, Eviction itsEviction) {
      boolean again = newer.since() - firstTakeover < WINDOW_MILLIS && takeovers > 0;
      return again
          ? new Attached(newer, itsEviction, takeovers + 1, firstTakeover)
          : new Attached(newer, itsEviction, 1, newer.since());
    }

    /** Two devices with one id take it from each other in turns. */
    boolean isFlapping() {
      return takeovers >= FLAPPING_TAKEOVERS;
    }

    @Override
    public Presence presence() {
      return new Presence(
          Presence.State.ONLINE,
          session.since(),
          isFlapping() ? "connected, flapping" : "connected",
          session.transport(),
          session.epoch(),
          session.address());
    }

    Away left(long now, String cause) {
      return new Away(
          new Presence(
              Presence.State.OFFLINE,
              now,
              cause,
              session.transport(),
              session.epoch(),
              session.address()));
    }
  }
}

package io.signalbox.hub.fleet;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.fleet.SessionStore.StoredSession;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Presence.Flapping;
import io.signalbox.hub.model.Presence.State;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.Transport;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * State of a device's session, present or ended. Kept small, because there is one for each session
 * of this node: 24 bytes for a connected device, and a {@link Session} of 40.
 */
sealed interface SessionState {
  /**
   * The state as it is in the store; its session has no listener. A last contact in the future
   * means that the clock was ahead: the next contact is then expected after the same interval from
   * now.
   */
  static SessionState of(String device, StoredSession kept, HubClock clock) {
    Presence was = kept.presence();
    Transport transport = was.transport();
    String address = was.address();
    Long expected = was.expected();
    if (transport == null || address == null || was.state() == State.OFFLINE) {
      return new Offline(was);
    }
    Session session = new Session(device, was.session(), transport, address, was.since());
    if (expected == null) {
      return new Connected(session, Present.NO_LISTENER, was.since());
    }
    boolean overdue = was.state() == State.OVERDUE;
    long ahead = Math.max(0, kept.contact() - clock.wallMillis());
    long contact = clock.monotonicOf(kept.contact() - ahead);
    long due = clock.monotonicOf(expected - ahead);
    return new Sleeping(session, Present.NO_LISTENER, overdue, was.since(), contact, due);
  }

  /** The presence. */
  Presence presence(@Nullable Flapping flapping, HubClock clock);

  /** The epoch of the present or last session. */
  long epoch();

  /** Unix milliseconds at which the last session started or ended. */
  long lastChange();

  /** The session has ended. */
  record Offline(Presence last) implements SessionState {
    @Override
    public Presence presence(@Nullable Flapping flapping, HubClock clock) {
      return flapping == null ? last : last.withFlapping(flapping);
    }

    @Override
    public long epoch() {
      return last.session();
    }

    @Override
    public long lastChange() {
      return last.since();
    }
  }

  /** There is a session. */
  sealed interface Present extends SessionState {
    /** A session that was read from the store has no listener. */
    EvictionListener NO_LISTENER = end -> {};

    Session session();

    EvictionListener eviction();

    @Override
    default long epoch() {
      return session().epoch();
    }

    @Override
    default long lastChange() {
      return session().since();
    }

    /** Whether this state belongs to the session. */
    default boolean isOf(Session other) {
      return session().epoch() == other.epoch();
    }

    /** Tells the listener that the hub has ended the session. */
    default void notifyEvicted(SessionEnd end) {
      try {
        eviction().evicted(end);
      } catch (RuntimeException failed) {
        LoggerFactory.getLogger(SessionState.class).error("Eviction listener failed", failed);
      }
    }

    /** The state after the session has ended. */
    default Offline left(long now, SessionEnd end) {
      Session was = session();
      return new Offline(
          new Presence(State.OFFLINE, now, end, was.transport(), was.epoch(), was.address()));
    }
  }

  /** A connection is open, or a poll is held. */
  record Connected(Session session, EvictionListener eviction, long since) implements Present {
    @Override
    public Presence presence(@Nullable Flapping flapping, HubClock clock) {
      return new Presence(
          State.ONLINE,
          since,
          null,
          session.transport(),
          session.epoch(),
          session.address(),
          null,
          flapping);
    }
  }

  /**
   * A poller between two contacts.
   *
   * @param since when it fell asleep or became overdue, Unix milliseconds
   * @param contact last contact, by the monotonic clock
   * @param expected planned next contact, by the monotonic clock
   */
  record Sleeping(
      Session session,
      EvictionListener eviction,
      boolean overdue,
      long since,
      long contact,
      long expected)
      implements Present {
    /** The state after a contact, with the planned next one. */
    static Sleeping asleep(Present before, Session session, HubClock clock, long expected) {
      boolean still = before instanceof Sleeping resting && !resting.overdue;
      long since = still ? ((Sleeping) before).since : clock.wallMillis();
      return new Sleeping(
          session, before.eviction(), false, since, clock.monotonicMillis(), expected);
    }

    Sleeping withListener(EvictionListener other) {
      return new Sleeping(session, other, overdue, since, contact, expected);
    }

    Sleeping overdue(long now) {
      return new Sleeping(session, eviction, true, now, contact, expected);
    }

    @Override
    public Presence presence(@Nullable Flapping flapping, HubClock clock) {
      return new Presence(
          overdue ? State.OVERDUE : State.ASLEEP,
          since,
          null,
          session.transport(),
          session.epoch(),
          session.address(),
          clock.wallOf(expected),
          flapping);
    }
  }
}

package io.signalbox.hub.fleet;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.fleet.SessionStore.StoredSession;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Presence.Flapping;
import io.signalbox.hub.model.Presence.State;
import io.signalbox.hub.model.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Where a device that was ever here is now. One hangs on each, so they are small: a connected
 * device's has 24 bytes and a {@link Session} of 40.
 */
sealed interface SessionState {
  /**
   * As the store has kept it over a restart. Whoever was heard in the future was heard by a clock
   * that was ahead: it is expected after the same time from now.
   */
  static SessionState of(String device, StoredSession kept, HubClock clock) {
    Presence was = kept.presence();
    Transport transport = was.transport();
    String address = was.address();
    Long expected = was.expected();
    if (transport == null || address == null || expected == null) {
      return new Offline(was);
    }
    Session session = new Session(device, was.session(), transport, address, was.since());
    boolean overdue = was.state() == State.OVERDUE;
    long ahead = Math.max(0, kept.contact() - clock.wallMillis());
    long contact = clock.monotonicOf(kept.contact() - ahead);
    long due = clock.monotonicOf(expected - ahead);
    return new Sleeping(session, Sleeping.NOBODY_TO_TELL, overdue, was.since(), contact, due);
  }

  /** What is told of it. */
  Presence presence(@Nullable Flapping flapping, HubClock clock);

  /** Of the session that this speaks of. */
  long epoch();

  /** When its last session began, or ended if it has. */
  long lastChange();

  /** There is no session. */
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

    /** Whether it is of the same session. */
    default boolean isOf(Session other) {
      return session().epoch() == other.epoch();
    }

    /** The session is over. */
    default Offline left(long now, String cause) {
      Session was = session();
      return new Offline(
          new Presence(State.OFFLINE, now, cause, was.transport(), was.epoch(), was.address()));
    }
  }

  /** A connection is open, or a poll is held. */
  record Connected(Session session, EvictionListener eviction, long since) implements Present {
    @Override
    public Presence presence(@Nullable Flapping flapping, HubClock clock) {
      return new Presence(
          State.ONLINE,
          since,
          "connected",
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
   * @param since when it fell asleep, or was overdue, Unix milliseconds
   * @param contact when it was heard last, by the monotonic clock
   * @param expected when its next contact is or was planned, by the monotonic clock
   */
  record Sleeping(
      Session session,
      EvictionListener eviction,
      boolean overdue,
      long since,
      long contact,
      long expected)
      implements Present {
    /** Of a session that goes on after a restart nobody holds anything. */
    static final EvictionListener NOBODY_TO_TELL = cause -> {};

    /** It was heard and has told, or was told, when it comes again. */
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
          overdue ? "poll missed" : "polling",
          session.transport(),
          session.epoch(),
          session.address(),
          clock.wallOf(expected),
          flapping);
    }
  }
}

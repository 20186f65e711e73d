package io.signalbox.hub.fleet;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.fleet.SessionStore.Standing;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Presence.Flapping;
import io.signalbox.hub.model.Presence.State;
import io.signalbox.hub.model.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Where a device that was ever here is now. One hangs on each, so they are small: a connected
 * device's has 24 bytes and a {@link Session} of 40.
 */
sealed interface Whereabouts {
  /**
   * As the store has kept it over a restart. Whoever was heard in the future was heard by a clock
   * that was ahead: it is expected after the same time from now.
   */
  static Whereabouts of(String device, Standing kept, HubClock clock) {
    Presence was = kept.presence();
    Transport transport = was.transport();
    String address = was.address();
    Long expected = was.expected();
    if (transport == null || address == null || expected == null) {
      return new Away(was);
    }
    Session session = new Session(device, was.session(), transport, address, was.since());
    boolean overdue = was.state() == State.OVERDUE;
    long ahead = Math.max(0, kept.contact() - clock.wallMillis());
    long contact = clock.monotonicOf(kept.contact() - ahead);
    long due = clock.monotonicOf(expected - ahead);
    return new Resting(session, Resting.NOBODY_TO_TELL, overdue, was.since(), contact, due);
  }

  /** What is told of it. */
  Presence presence(@Nullable Flapping flapping, HubClock clock);

  /** Of the session that this speaks of. */
  long epoch();

  /** When its last session began, or ended if it has. */
  long lastChange();

  /** There is no session. */
  record Away(Presence last) implements Whereabouts {
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
  sealed interface Here extends Whereabouts {
    Session session();

    Eviction eviction();

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
    default Away left(long now, String cause) {
      Session was = session();
      return new Away(
          new Presence(State.OFFLINE, now, cause, was.transport(), was.epoch(), was.address()));
    }
  }

  /** A connection is open, or a poll is held. */
  record Attached(Session session, Eviction eviction, long since) implements Here {
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
  record Resting(
      Session session, Eviction eviction, boolean overdue, long since, long contact, long expected)
      implements Here {
    /** Of a session that goes on after a restart nobody holds anything. */
    static final Eviction NOBODY_TO_TELL = cause -> {};

    /** It was heard and has told, or was told, when it comes again. */
    static Resting asleep(Here before, Session session, HubClock clock, long expected) {
      boolean still = before instanceof Resting resting && !resting.overdue;
      long since = still ? ((Resting) before).since : clock.wallMillis();
      return new Resting(
          session, before.eviction(), false, since, clock.monotonicMillis(), expected);
    }

    Resting toldTo(Eviction other) {
      return new Resting(session, other, overdue, since, contact, expected);
    }

    Resting overdue(long now) {
      return new Resting(session, eviction, true, now, contact, expected);
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

package io.signalbox.hub.fleet;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.fleet.SessionState.Connected;
import io.signalbox.hub.fleet.SessionState.Offline;
import io.signalbox.hub.fleet.SessionState.Present;
import io.signalbox.hub.fleet.SessionState.Sleeping;
import io.signalbox.hub.fleet.SessionStore.Claim;
import io.signalbox.hub.fleet.SessionStore.StoredSession;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.Transport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Registry of the device sessions of this node. {@link PresenceIndex} has the presence of all
 * devices. Presence follows from the epochs of the sessions, never from clocks: the highest epoch
 * is the present session, on whichever node it is, and calls for older ones are ignored.
 *
 * <p>A connected device has a session for as long as the connection lasts. A poller's session
 * continues between its polls: the gateway calls {@link #markAsleep} with the planned next poll,
 * and one sweep over all pollers finds those that are overdue. The plan survives a restart; absence
 * counts only while the hub was reachable.
 *
 * <p>Threading: any thread. Queries read memory without a lock; changes and their events are made
 * under one lock, so that events are published in order. Eviction listeners are called outside the
 * lock.
 */
public final class SessionRegistry {
  private static final long SWEEP_MILLIS = 1_000;

  private final SessionStore store;
  private final HubClock clock;
  private final String node;
  private final SessionTable sessions = new SessionTable();
  private final FlappingDetector flappingDetector;
  private final PresenceEvents events;
  private final PresenceIndex presence;
  private final SessionWriteBehind writeBehind;
  private final PollDeadlines deadlines;
  private final SessionTakeover takeover;
  private volatile boolean isShared;
  private final SessionClaims claims;

  /**
   * A registry on this store. Listeners of the topic that are added later find in the index what an
   * event tells them.
   *
   * @param changes gets every change of presence; events of other nodes on it move presence and
   *     displace sessions
   * @param node name of this node, which its sessions carry in the store
   */
  public SessionRegistry(
      SessionStore store,
      Topic<Event.PresenceChanged> changes,
      String node,
      FleetSettings settings,
      HubClock clock) {
    this.store = store;
    this.node = node;
    this.clock = clock;
    this.flappingDetector = new FlappingDetector(settings, clock);
    this.events = new PresenceEvents(changes, sessions, flappingDetector, clock);
    this.presence = events.presence();
    this.writeBehind = new SessionWriteBehind(store, node, clock);
    this.deadlines = new PollDeadlines(settings);
    this.takeover = new SessionTakeover(this, store, node, sessions, events, clock);
    this.claims = new SessionClaims(this, store, node, flappingDetector, clock);
    changes.listen(this::presenceChanged);
  }

  /** The presence of all devices. */
  public PresenceIndex presence() {
    return presence;
  }

  /**
   * Restores the sessions of this node's last run. Must be called once, before any other method:
   * connected devices become offline, pollers keep their state. Returns the devices that became
   * offline.
   */
  public Future<Map<String, Presence>> start() {
    long now = clock.wallMillis();
    deadlines.listen(clock.monotonicMillis());
    return store.recover(node, now, Cause.HUB_RESTARTED).map(left -> restore(left, now));
  }

  /** Restores the sessions, then starts the periodic sweep. */
  public Future<Map<String, Presence>> start(Vertx vertx) {
    return start().onSuccess(started -> vertx.setPeriodic(SWEEP_MILLIS, timer -> sweep()));
  }

  /** Decides by the types of pollers which silence means offline. */
  public void silenceBy(TypedDevices types) {
    deadlines.silenceBy(types);
  }

  /** Writes the state of pollers to the store. */
  public synchronized void close() {
    writeBehind.writeAll(sessions::get);
  }

  /**
   * Opens a session with a new, higher epoch, which is durable before the future succeeds. An older
   * session of the device is evicted, on its node, and later calls for it are ignored; if an even
   * newer session was opened meanwhile, this one is evicted instead. {@code UNKNOWN_DEVICE}, {@code
   * DISABLED}, {@code UNAVAILABLE}; {@code RATE_LIMITED} with the time to wait if two connections
   * compete for the id.
   *
   * @param address network address of the device
   * @param eviction may be called before the future succeeds
   */
  public Future<Session> open(
      String device, Transport transport, String address, EvictionListener eviction) {
    return claims.open(device, transport, address, eviction);
  }

  /**
   * The device's present session, on any node; a new one over HTTP if it has none. Otherwise as
   * {@link #open}.
   */
  public Future<Session> openIfAbsent(String device, String address, EvictionListener eviction) {
    return claims.openIfAbsent(device, address, eviction);
  }

  /** Ends a session; ignored if it is not the device's present one. */
  public void close(Session session, SessionEnd end) {
    end(null, session, end);
  }

  /**
   * Marks a poller as asleep until its next poll. Costs no write of its own, and publishes no event
   * if it was asleep already. The session may carry the address of the latest poll.
   *
   * @param expected planned time of the next poll, Unix milliseconds
   * @return false if the session is not the device's present one any more: open a new one
   */
  public synchronized boolean markAsleep(Session session, long expected) {
    Present current = sessions.get(session);
    if (current == null) {
      return false;
    }
    Sleeping asleep = Sleeping.asleep(current, session, clock, clock.monotonicOf(expected));
    if (current instanceof Sleeping before && !before.overdue()) {
      sessions.put(asleep);
      writeBehind.planned(session.device());
    } else {
      transition(asleep);
    }
    return true;
  }

  /**
   * Marks a poller as online because its poll is held, until it is marked as asleep.
   *
   * @return false if the session is not the device's present one any more: open a new one
   */
  public synchronized boolean markAwake(Session session) {
    Present current = sessions.get(session);
    if (current == null) {
      return false;
    }
    if (current instanceof Sleeping) {
      transition(new Connected(session, current.eviction(), clock.wallMillis()));
    } else if (current instanceof Connected already) {
      sessions.put(new Connected(session, current.eviction(), already.since()));
    }
    return true;
  }

  /**
   * Sets the eviction listener of a poller whose session has outlived the hub or the previous
   * listener.
   *
   * @return false if the session is not the device's present one any more, or is not asleep
   */
  public synchronized boolean adopt(Session session, EvictionListener eviction) {
    if (sessions.get(session) instanceof Sleeping resting) {
      sessions.put(resting.withListener(eviction));
      return true;
    }
    return false;
  }

  /**
   * Reports that a poller's session is used from another address. {@code RATE_LIMITED} with the
   * time to wait if two devices compete for the id.
   *
   * @param takeovers number of takeovers that it counts as; 0 while the device may just have moved
   */
  public synchronized void addressChanged(Session session, String address, int takeovers) {
    String device = session.device();
    long now = clock.monotonicMillis();
    flappingDetector.checkClaim(device, presence, now);
    if (takeovers > 0 && flappingDetector.moved(session, address, takeovers, now)) {
      events.publishAgain(device);
    }
  }

  /**
   * Reports that a displaced session answered its eviction: it was alive, so another device has
   * taken over, not the same one reconnected.
   */
  public synchronized void confirmAlive(Session displaced) {
    String device = displaced.device();
    if (flappingDetector.confirmAlive(device, clock.monotonicMillis())) {
      events.publishAgain(device);
    }
  }

  /** Whether the session is the device's present one. */
  public boolean isCurrent(Session session) {
    return sessions.get(session) != null;
  }

  /** The device's present session on this node, also of a sleeping poller; null if it has none. */
  public @Nullable Session session(String device) {
    Present current = sessions.get(device);
    return current == null ? null : current.session();
  }

  /** From now on other nodes use the store, whose sessions this one may learn of later. */
  public void share() {
    isShared = true;
  }

  /** Whether another node holds the session of that epoch, or may have just opened it. */
  public boolean isElsewhere(String device, long epoch) {
    Presence known = presence.of(device);
    boolean isKnown = known.session() == epoch && known.state() != Presence.State.OFFLINE;
    boolean mayBeNew = isShared && known.session() < epoch;
    return (isKnown || mayBeNew) && sessions.get(device) == null;
  }

  /**
   * Ends the device's session, on whichever node it is, and calls its eviction listener. The node
   * that holds the session hears of its end as of any change of presence.
   */
  public void evict(String device, SessionEnd end) {
    Present current = sessions.get(device);
    if (current == null) {
      endElsewhere(device, end);
    } else if (end(null, current.session(), end)) {
      current.notifyEvicted(end);
    }
  }

  private synchronized void endElsewhere(String device, SessionEnd end) {
    Presence held = presence.of(device);
    if (held.state() != Presence.State.OFFLINE && sessions.get(device) == null) {
      Presence away = held.ended(clock.wallMillis(), end);
      events.publish(device, new Offline(away));
      writeBehind.ended(device, away, (gone, last) -> presence.forget(gone, last.session()));
    }
  }

  /** Takes over the sessions of a lost node; returns the devices that became offline. */
  public Future<Map<String, Presence>> takeOver(String lost, SessionEnd end) {
    return takeover.takeOver(lost, end);
  }

  /** Gives up all sessions here, because the other nodes took this one for lost. */
  public void giveUp(SessionEnd end) {
    takeover.giveUp(end);
  }

  /** Reads the sessions of all nodes anew, because events of them may have been lost. */
  public Future<Void> reload() {
    return takeover.reload();
  }

  /** Evicts a deleted device and removes its state. */
  public void forget(String device) {
    evict(device, Cause.DELETED);
    presence.forget(device, Long.MAX_VALUE);
    flappingDetector.forget(device);
  }

  /** Number of devices that are online here. */
  public int online() {
    return sessions.online();
  }

  /**
   * Handles deadlines: overdue pollers, and flapping devices that have calmed down. Called every
   * second.
   */
  void sweep() {
    long now = clock.monotonicMillis();
    deadlines.sweep(sessions, now, this::markOverdue, this::endLost);
    clearFlapping(now);
  }

  private void endLost(Sleeping poller) {
    if (end(poller, poller.session(), Cause.OVERDUE)) {
      poller.notifyEvicted(Cause.OVERDUE);
    }
  }

  private synchronized void markOverdue(Sleeping poller) {
    // It may have polled at this very moment.
    if (poller.equals(sessions.get(poller.session()))) {
      transition(poller.overdue(clock.wallMillis()));
    }
  }

  private synchronized void clearFlapping(long now) {
    flappingDetector.forgetSettled(now).forEach(events::publishAgain);
    writeBehind.write(sessions.all());
    writeBehind.retryOne((device, last) -> presence.forget(device, last.session()));
  }

  /** A claim of this node is durable. */
  void claimed(Connected arriving, Claim claim) {
    notifyDisplaced(attach(arriving, claim));
  }

  private void notifyDisplaced(@Nullable Present displaced) {
    if (displaced != null) {
      String device = displaced.session().device();
      String address = presence.of(device).address();
      displaced.notifyEvicted(flappingDetector.replacedBy(device, address == null ? "" : address));
    }
  }

  /** Returns the session to evict here: the older one, the new one if it is late, or null. */
  private synchronized @Nullable Present attach(Connected arriving, Claim claim) {
    Session session = arriving.session();
    String device = session.device();
    if (presence.of(device).session() > session.epoch()) {
      return arriving;
    }
    Present older = sessions.get(device);
    flappingDetector.sessionStarted(session, older, claim, presence, clock.monotonicMillis());
    sessions.put(arriving);
    events.publish(device, arriving);
    return older;
  }

  /**
   * Ends the session if it is the present one.
   *
   * @param seen ends it only if the state is still this one; null for any state
   */
  private boolean end(@Nullable Present seen, Session session, SessionEnd end) {
    Offline away = detach(seen, session, end);
    if (away != null) {
      writeBehind.ended(
          session.device(), away.last(), (device, last) -> presence.forget(device, last.session()));
    }
    return away != null;
  }

  private synchronized @Nullable Offline detach(
      @Nullable Present seen, Session session, SessionEnd end) {
    String device = session.device();
    Present current = sessions.get(session);
    // A poller may have polled at this very moment.
    if (current == null || (seen != null && !seen.equals(current))) {
      return null;
    }
    Offline away = current.left(clock.wallMillis(), end);
    flappingDetector.sessionEnded(current, away, clock.monotonicMillis());
    events.publish(device, away); // the index has it before the registry forgets it
    sessions.remove(device);
    return away;
  }

  private void transition(Present state) {
    String device = state.session().device();
    sessions.put(state);
    events.publish(device, state);
    writeBehind.turned(device);
  }

  void presenceChanged(Event.PresenceChanged change) {
    Present over = follow(change);
    SessionEnd end = change.presence().end();
    if (over != null && end != null && over.epoch() == change.presence().session()) {
      over.notifyEvicted(end);
    } else {
      notifyDisplaced(over);
    }
  }

  private synchronized @Nullable Present follow(Event.PresenceChanged change) {
    return events.apply(change);
  }

  private synchronized Map<String, Presence> restore(Map<String, StoredSession> left, long now) {
    return sessions.restore(left, node, now, presence, clock);
  }
}

package io.signalbox.hub.fleet;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.fleet.SessionState.Connected;
import io.signalbox.hub.fleet.SessionState.Offline;
import io.signalbox.hub.fleet.SessionState.Present;
import io.signalbox.hub.fleet.SessionState.Sleeping;
import io.signalbox.hub.fleet.SessionStore.StoredSession;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.Transport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registry of device sessions, and the devices' presence. Presence follows from the epochs of the
 * sessions, never from clocks: the highest epoch is the present session, and calls for older ones
 * are ignored.
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
  private static final Logger LOG = LoggerFactory.getLogger(SessionRegistry.class);
  private static final long SWEEP_MILLIS = 1_000;

  private final SessionStore store;
  private final Topic<Event.PresenceChanged> changes;
  private final HubClock clock;
  private final Map<String, SessionState> devices = new ConcurrentHashMap<>();
  private final SessionWriteBehind writeBehind;
  private final FlappingDetector flappingDetector;
  private final PollDeadlines deadlines;
  private final AtomicInteger online = new AtomicInteger();
  private final AtomicInteger resting = new AtomicInteger();

  /** A registry on this store. */
  public SessionRegistry(
      SessionStore store,
      Topic<Event.PresenceChanged> changes,
      FleetSettings settings,
      HubClock clock) {
    this.store = store;
    this.changes = changes;
    this.clock = clock;
    this.writeBehind = new SessionWriteBehind(store, clock);
    this.flappingDetector = new FlappingDetector(settings, clock);
    this.deadlines = new PollDeadlines(settings);
  }

  /**
   * Restores the sessions of the last run. Must be called once, before any other method: connected
   * devices become offline, pollers keep their state. Returns the devices that became offline.
   */
  public Future<Map<String, Presence>> start() {
    long now = clock.wallMillis();
    deadlines.listen(clock.monotonicMillis());
    return store.recover(now, Cause.HUB_RESTARTED).map(left -> restore(left, now));
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
    writeBehind.writeAll(devices::get);
  }

  /**
   * Opens a session with a new, higher epoch, which is durable before the future succeeds. An older
   * session of the device is evicted and later calls for it are ignored; if an even newer session
   * was opened meanwhile, this one is evicted instead. {@code UNKNOWN_DEVICE}, {@code DISABLED},
   * {@code UNAVAILABLE}; {@code RATE_LIMITED} with the time to wait if two connections compete for
   * the id.
   *
   * @param address network address of the device
   * @param eviction may be called before the future succeeds
   */
  public Future<Session> open(
      String device, Transport transport, String address, EvictionListener eviction) {
    long now = clock.wallMillis();
    try {
      flappingDetector.checkClaim(device, devices.get(device), clock.monotonicMillis());
    } catch (Refusal refusal) {
      return Future.failedFuture(refusal);
    }
    return store
        .claim(device, transport, address, now)
        .map(epoch -> opened(new Session(device, epoch, transport, address, now), eviction));
  }

  /** Ends a session; ignored if it is not the device's present one. */
  public void close(Session session, SessionEnd end) {
    end(session, end);
  }

  /**
   * Marks a poller as asleep until its next poll. Costs no write of its own, and publishes no event
   * if it was asleep already. The session may carry the address of the latest poll.
   *
   * @param expected planned time of the next poll, Unix milliseconds
   * @return false if the session is not the device's present one any more: open a new one
   */
  public synchronized boolean markAsleep(Session session, long expected) {
    if (!(devices.get(session.device()) instanceof Present current) || !current.isOf(session)) {
      return false;
    }
    Sleeping asleep = Sleeping.asleep(current, session, clock, clock.monotonicOf(expected));
    if (current instanceof Sleeping before && !before.overdue()) {
      devices.put(session.device(), asleep);
      writeBehind.planned(session.device());
    } else {
      transition(session.device(), asleep);
    }
    return true;
  }

  /**
   * Marks a poller as online because its poll is held, until it is marked as asleep.
   *
   * @return false if the session is not the device's present one any more: open a new one
   */
  public synchronized boolean markAwake(Session session) {
    if (!(devices.get(session.device()) instanceof Present current) || !current.isOf(session)) {
      return false;
    }
    if (current instanceof Sleeping) {
      transition(session.device(), new Connected(session, current.eviction(), clock.wallMillis()));
    } else if (current instanceof Connected already) {
      devices.put(session.device(), new Connected(session, current.eviction(), already.since()));
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
    if (devices.get(session.device()) instanceof Sleeping resting && resting.isOf(session)) {
      devices.put(session.device(), resting.withListener(eviction));
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
  public void addressChanged(Session session, String address, int takeovers) {
    String device = session.device();
    SessionState present = devices.get(device);
    long now = clock.monotonicMillis();
    flappingDetector.checkClaim(device, present, now);
    if (takeovers > 0
        && flappingDetector.moved(session, address, takeovers, now)
        && present != null) {
      publish(device, present);
    }
  }

  /**
   * Reports that a displaced session answered its eviction: it was alive, so another device has
   * taken over, not the same one reconnected.
   */
  public synchronized void confirmAlive(Session displaced) {
    String device = displaced.device();
    SessionState present = devices.get(device);
    if (present != null && flappingDetector.confirmAlive(device, clock.monotonicMillis())) {
      publish(device, present);
    }
  }

  /** Whether the session is the device's present one. */
  public boolean isCurrent(Session session) {
    return devices.get(session.device()) instanceof Present current && current.isOf(session);
  }

  /** The device's present session, also of a sleeping poller; null if it has none. */
  public @Nullable Session session(String device) {
    return devices.get(device) instanceof Present current ? current.session() : null;
  }

  /** The presence of a device by its id; for one that has never connected, since is 0. */
  public Presence of(String device) {
    SessionState state = devices.get(device);
    return state == null
        ? Presence.neverSeen(0)
        : state.presence(flappingDetector.flappingOf(device), clock);
  }

  /** The presence of a device; one that has never connected is offline since its registration. */
  public Presence of(Device device) {
    Presence presence = of(device.id());
    // A session that ended before the registration belongs to an earlier device with the id.
    boolean ended = presence.state() == Presence.State.OFFLINE;
    return ended && presence.since() < device.created()
        ? Presence.neverSeen(device.created())
        : presence;
  }

  /** Ends the device's session, if there is one, and calls its eviction listener. */
  public void evict(String device, SessionEnd end) {
    if (devices.get(device) instanceof Present current && end(current.session(), end)) {
      notifyEvicted(current.eviction(), end);
    }
  }

  /** Evicts a deleted device and removes its state. */
  public void forget(String device) {
    evict(device, Cause.DELETED);
    devices.computeIfPresent(device, (id, state) -> state instanceof Offline ? null : state);
    flappingDetector.forget(device);
  }

  /** Number of devices that are online. */
  public int online() {
    return online.get();
  }

  /**
   * Handles deadlines: overdue pollers, and flapping devices that have calmed down. Called every
   * second.
   */
  void sweep() {
    long now = clock.monotonicMillis();
    deadlines.sweep(now);
    if (resting.get() > 0) {
      devices.forEach((device, state) -> checkDeadline(device, state, now));
    }
    deadlines.keepSilences(
        device -> devices.get(device) instanceof Sleeping poller && poller.overdue());
    clearFlapping(now);
  }

  private void checkDeadline(String device, SessionState state, long now) {
    if (state instanceof Sleeping poller) {
      if (deadlines.isLost(poller, now)) {
        endLost(poller);
      } else if (!poller.overdue() && deadlines.isLate(poller, now)) {
        markOverdue(device, poller);
      }
    }
  }

  private void endLost(Sleeping poller) {
    if (end(poller, poller.session(), Cause.OVERDUE)) {
      notifyEvicted(poller.eviction(), Cause.OVERDUE);
    }
  }

  private synchronized void markOverdue(String device, Sleeping poller) {
    // It may have polled at this very moment.
    if (poller.equals(devices.get(device))) {
      transition(device, poller.overdue(clock.wallMillis()));
    }
  }

  private synchronized void clearFlapping(long now) {
    for (String device : flappingDetector.forgetSettled(now)) {
      SessionState present = devices.get(device);
      if (present != null) {
        publish(device, present);
      }
    }
    writeBehind.write(devices);
  }

  private Session opened(Session session, EvictionListener eviction) {
    Present displaced = attach(new Connected(session, eviction, session.since()));
    if (displaced != null) {
      Session newer = displaced.isOf(session) ? session(session.device()) : session;
      notifyEvicted(
          displaced.eviction(), flappingDetector.replacedBy(newer == null ? session : newer));
    }
    return session;
  }

  /** Returns the session to evict: the older one, the new one if it is late, or null. */
  private synchronized @Nullable Present attach(Connected arriving) {
    Session session = arriving.session();
    SessionState present = devices.get(session.device());
    if (present != null && present.epoch() > session.epoch()) {
      return arriving;
    }
    flappingDetector.sessionStarted(session, present, clock.monotonicMillis());
    put(session.device(), arriving);
    return present instanceof Present older ? older : null;
  }

  private boolean end(Session session, SessionEnd end) {
    return end(null, session, end);
  }

  /**
   * Ends the session if it is the present one.
   *
   * @param seen ends it only if the state is still this one; null for any state
   */
  private boolean end(@Nullable Present seen, Session session, SessionEnd end) {
    Offline away = detach(seen, session, end);
    if (away != null) {
      writeBehind.ended(session.device(), away, (device, last) -> devices.remove(device, last));
    }
    return away != null;
  }

  private synchronized @Nullable Offline detach(
      @Nullable Present seen, Session session, SessionEnd end) {
    SessionState present = devices.get(session.device());
    // A poller may have polled at this very moment.
    boolean asSeen = seen == null || seen.equals(present);
    if (present instanceof Present current && current.isOf(session) && asSeen) {
      Offline away = current.left(clock.wallMillis(), end);
      flappingDetector.sessionEnded(current, away, clock.monotonicMillis());
      put(session.device(), away);
      return away;
    }
    return null;
  }

  private void transition(String device, Present state) {
    put(device, state);
    writeBehind.turned(device);
  }

  private void put(String device, SessionState state) {
    count(devices.put(device, state), -1);
    count(state, 1);
    publish(device, state);
  }

  private void count(@Nullable SessionState state, int one) {
    if (state instanceof Connected) {
      online.addAndGet(one);
    } else if (state instanceof Sleeping) {
      resting.addAndGet(one);
    }
  }

  private void publish(String device, SessionState state) {
    changes.publish(
        new Event.PresenceChanged(
            device, state.presence(flappingDetector.flappingOf(device), clock)));
  }

  private Map<String, Presence> restore(Map<String, StoredSession> left, long now) {
    Map<String, Presence> cutOff = new HashMap<>();
    left.forEach(
        (device, kept) -> {
          SessionState state = SessionState.of(device, kept, clock);
          count(state, 1);
          devices.put(device, state);
          if (kept.presence().since() == now && kept.presence().end() == Cause.HUB_RESTARTED) {
            cutOff.put(device, kept.presence());
          }
        });
    return cutOff;
  }

  private static void notifyEvicted(EvictionListener eviction, SessionEnd end) {
    try {
      eviction.evicted(end);
    } catch (RuntimeException failed) {
      LOG.error("Eviction listener failed", failed);
    }
  }
}

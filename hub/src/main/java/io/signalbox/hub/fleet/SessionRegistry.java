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
 * Who is here now. What a device's presence is follows from the epochs of its sessions alone, never
 * from clocks: the highest one is the present one, and whatever an older one still says is ignored.
 *
 * <p>A device that holds a connection has a session for as long as that lasts. A poller's session
 * goes on between its polls: the door tells when it {@link #markAsleep} and until when, and one
 * sweep over all of them finds who did not come. Its plan outlives the hub; absence is only counted
 * while the hub was there to be called.
 *
 * <p>Threading: any thread. Questions are answered from memory without a lock; changes and their
 * events are made under one, so that events come in the order of what happened. Evictions are
 * called outside of it.
 */
public final class SessionRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(SessionRegistry.class);
  private static final String RESTARTED = "hub restarted";
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

  /** Presences over that store. */
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
   * To be called once, before anything else: who was attached when the hub went is offline now, and
   * pollers rest as they did. Answers who is offline by that.
   */
  public Future<Map<String, Presence>> start() {
    long now = clock.wallMillis();
    deadlines.listen(clock.monotonicMillis());
    return store.recover(now, RESTARTED).map(left -> restore(left, now));
  }

  /** The same, with the sweep on its way. */
  public Future<Map<String, Presence>> start(Vertx vertx) {
    return start().onSuccess(started -> vertx.setPeriodic(SWEEP_MILLIS, timer -> sweep()));
  }

  /** Writes down how pollers stand. */
  public synchronized void close() {
    writeBehind.writeAll(devices::get);
  }

  /**
   * Claims a higher epoch, durably, before it succeeds. An older session of the device is told
   * through its eviction and its later words are ignored; should an even newer one have come
   * meanwhile, it is this one that is told. {@code UNKNOWN_DEVICE}, {@code DISABLED}, {@code
   * UNAVAILABLE}; {@code TOO_FAST} with the time to wait if two connections fight for the id.
   *
   * @param address where the device comes from
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
  public void close(Session session, String cause) {
    end(session, cause);
  }

  /**
   * A poller has been answered, and is asleep until it comes again. Costs no write of its own, and
   * makes no event if it was asleep already. The session may be given with the address from which
   * it polled this time.
   *
   * @param expected when the next poll is planned, Unix milliseconds
   * @return false if the session is not the device's present one any more: it has to open another
   */
  public synchronized boolean markAsleep(Session session, long expected) {
    if (!(devices.get(session.device()) instanceof Present here) || !here.isOf(session)) {
      return false;
    }
    Sleeping asleep = Sleeping.asleep(here, session, clock, clock.monotonicOf(expected));
    if (here instanceof Sleeping before && !before.overdue()) {
      devices.put(session.device(), asleep);
      writeBehind.planned(session.device());
    } else {
      transition(session.device(), asleep);
    }
    return true;
  }

  /**
   * A poller is here and its poll is held: until it rests again it is online.
   *
   * @return false if the session is not the device's present one any more: it has to open another
   */
  public synchronized boolean markAwake(Session session) {
    if (!(devices.get(session.device()) instanceof Present here) || !here.isOf(session)) {
      return false;
    }
    if (here instanceof Sleeping) {
      transition(session.device(), new Connected(session, here.eviction(), clock.wallMillis()));
    } else if (here instanceof Connected already) {
      devices.put(session.device(), new Connected(session, here.eviction(), already.since()));
    }
    return true;
  }

  /**
   * A poller has come whose session has outlived the hub, or whoever held it: from now on this is
   * told when it is over.
   *
   * @return false if the session is not the device's present one any more, or does not rest
   */
  public synchronized boolean adopt(Session session, EvictionListener eviction) {
    if (devices.get(session.device()) instanceof Sleeping resting && resting.isOf(session)) {
      devices.put(session.device(), resting.withListener(eviction));
      return true;
    }
    return false;
  }

  /**
   * A poller's session is used from another address than before. {@code TOO_FAST} with the time to
   * wait if two take the id from each other.
   *
   * @param takeovers as how many takeovers it counts: 0 as long as the device may just have moved
   */
  public void addressChanged(Session session, String address, int takeovers) {
    String device = session.device();
    SessionState present = devices.get(device);
    long now = clock.monotonicMillis();
    flappingDetector.checkClaim(device, present, now);
    if (takeovers > 0
        && flappingDetector.moved(session, address, takeovers, now)
        && present != null) {
      tell(device, present);
    }
  }

  /**
   * A session that was displaced by a newer one has answered when it was told: so it was alive, and
   * it is not its own device that has come back.
   */
  public synchronized void confirmAlive(Session displaced) {
    String device = displaced.device();
    SessionState present = devices.get(device);
    if (present != null && flappingDetector.confirmAlive(device, clock.monotonicMillis())) {
      tell(device, present);
    }
  }

  /** Whether the session is the device's present one. */
  public boolean isCurrent(Session session) {
    return devices.get(session.device()) instanceof Present here && here.isOf(session);
  }

  /** The device's present session, also of a poller that rests; null if it has none. */
  public @Nullable Session session(String device) {
    return devices.get(device) instanceof Present here ? here.session() : null;
  }

  /**
   * The presence of a device by its id alone; of one that was never here it cannot tell since when,
   * and says 0.
   */
  public Presence of(String device) {
    SessionState state = devices.get(device);
    return state == null
        ? Presence.neverSeen(0)
        : state.presence(flappingDetector.flappingOf(device), clock);
  }

  /** The presence of a device; one that was never here is offline since it was registered. */
  public Presence of(Device device) {
    Presence presence = of(device.id());
    // What had ended before the registration was another device of the same id.
    boolean ended = presence.state() == Presence.State.OFFLINE;
    return ended && presence.since() < device.created()
        ? Presence.neverSeen(device.created())
        : presence;
  }

  /** Ends the device's session, if there is one, and tells it why. */
  public void evict(String device, String cause) {
    if (devices.get(device) instanceof Present here && end(here.session(), cause)) {
      tell(here.eviction(), cause);
    }
  }

  /** Evicts a device that has been deleted, and forgets that it ever was. */
  public void forget(String device) {
    evict(device, "deleted");
    devices.computeIfPresent(device, (id, state) -> state instanceof Offline ? null : state);
    flappingDetector.forget(device);
  }

  /** How many devices are online. */
  public int online() {
    return online.get();
  }

  /**
   * What time brings about: pollers that are late, devices that have calmed down. Called every
   * second.
   */
  void sweep() {
    long now = clock.monotonicMillis();
    deadlines.sweep(now);
    if (resting.get() > 0) {
      devices.forEach((device, state) -> checkDeadline(device, state, now));
    }
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
    if (end(poller, poller.session(), "overdue")) {
      tell(poller.eviction(), "overdue");
    }
  }

  private synchronized void markOverdue(String device, Sleeping poller) {
    // It may have come in this very moment.
    if (poller.equals(devices.get(device))) {
      transition(device, poller.overdue(clock.wallMillis()));
    }
  }

  private synchronized void clearFlapping(long now) {
    for (String device : flappingDetector.forgetSettled(now)) {
      SessionState present = devices.get(device);
      if (present != null) {
        tell(device, present);
      }
    }
    writeBehind.write(devices);
  }

  private Session opened(Session session, EvictionListener eviction) {
    Present displaced = attach(new Connected(session, eviction, session.since()));
    if (displaced != null) {
      Session newer = displaced.isOf(session) ? session(session.device()) : session;
      tell(displaced.eviction(), flappingDetector.closeReason(newer == null ? session : newer));
    }
    return session;
  }

  /** Answers who has to go: the older session, or the new one if it is late, or nobody. */
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

  private boolean end(Session session, String cause) {
    return end(null, session, cause);
  }

  /**
   * Ends the session, if it is the present one.
   *
   * @param seen ends it only if the device is where it was seen; null: wherever it is
   */
  private boolean end(@Nullable Present seen, Session session, String cause) {
    Offline away = detach(seen, session, cause);
    if (away != null) {
      writeBehind.ended(session.device(), away, (device, last) -> devices.remove(device, last));
    }
    return away != null;
  }

  private synchronized @Nullable Offline detach(
      @Nullable Present seen, Session session, String cause) {
    SessionState present = devices.get(session.device());
    // A poller may have come in this very moment.
    boolean asSeen = seen == null || seen.equals(present);
    if (present instanceof Present here && here.isOf(session) && asSeen) {
      Offline away = here.left(clock.wallMillis(), cause);
      flappingDetector.sessionEnded(here, away, clock.monotonicMillis());
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
    tell(device, state);
  }

  private void count(@Nullable SessionState state, int one) {
    if (state instanceof Connected) {
      online.addAndGet(one);
    } else if (state instanceof Sleeping) {
      resting.addAndGet(one);
    }
  }

  private void tell(String device, SessionState state) {
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
          if (kept.presence().since() == now && kept.presence().cause().equals(RESTARTED)) {
            cutOff.put(device, kept.presence());
          }
        });
    return cutOff;
  }

  private static void tell(EvictionListener eviction, String cause) {
    try {
      eviction.evicted(cause);
    } catch (RuntimeException failed) {
      LOG.error("A session could not be told that it is over", failed);
    }
  }
}

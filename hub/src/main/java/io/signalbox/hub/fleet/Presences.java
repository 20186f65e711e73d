package io.signalbox.hub.fleet;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.fleet.Whereabouts.Attached;
import io.signalbox.hub.fleet.Whereabouts.Away;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Transport;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is here now. What a device's presence is follows from the epochs of its sessions alone, never
 * from clocks: the highest one is the present one, and whatever an older one still says is ignored.
 *
 * <p>Threading: any thread. Questions are answered from memory without a lock; changes and their
 * events are made under one, so that events come in the order of what happened. Evictions are
 * called outside of it.
 */
public final class Presences {
  private static final Logger LOG = LoggerFactory.getLogger(Presences.class);
  private static final String RESTARTED = "hub restarted";
  private static final String REPLACED = "replaced";
  private static final String REPLACED_AGAIN = "replaced, flapping";

  private final SessionStore store;
  private final Topic<Event.PresenceChanged> changes;
  private final LongSupplier clock;
  private final Map<String, Whereabouts> devices = new ConcurrentHashMap<>();

  /** How sessions ended that the store could not keep; tried again when it takes something. */
  private final Map<String, Away> unsaved = new ConcurrentHashMap<>();

  private volatile int online;

  /**
   * Presences over that store.
   *
   * @param clock Unix milliseconds
   */
  public Presences(SessionStore store, Topic<Event.PresenceChanged> changes, LongSupplier clock) {
    this.store = store;
    this.changes = changes;
    this.clock = clock;
  }

  /**
   * To be called once, before anything else: who was attached when the hub went is offline now.
   * Answers who that is.
   */
  public Future<Map<String, Presence>> start() {
    long now = clock.getAsLong();
    return store.restart(now, RESTARTED).map(left -> takeUp(left, now));
  }

  private Map<String, Presence> takeUp(Map<String, Presence> left, long now) {
    Map<String, Presence> cutOff = new HashMap<>();
    left.forEach(
        (device, was) -> {
          devices.put(device, new Away(was));
          if (was.since() == now && was.cause().equals(RESTARTED)) {
            cutOff.put(device, was);
          }
        });
    return cutOff;
  }

  /**
   * Claims a higher epoch, durably, before it succeeds. An older session of the device is told
   * through its eviction and its later words are ignored; should an even newer one have come
   * meanwhile, it is this one that is told. {@code UNKNOWN_DEVICE}, {@code DISABLED}, {@code
   * UNAVAILABLE}.
   *
   * @param address where the device comes from
   * @param eviction may be called before the future succeeds
   */
  public Future<Session> open(
      String device, Transport transport, String address, Eviction eviction) {
    long now = clock.getAsLong();
    return store
        .claim(device, transport, address, now)
        .map(epoch -> new Session(device, epoch, transport, address, now))
        .onSuccess(session -> enter(session, eviction));
  }

  /** Ends a session; ignored if it is not the device's present one. */
  public void close(Session session, String cause) {
    if (isCurrent(session)) {
      end(session, cause);
    }
  }

  /** Whether the session is the device's present one. */
  public boolean isCurrent(Session session) {
    return devices.get(session.device()) instanceof Attached attached
        && attached.session().epoch() == session.epoch();
  }

  /**
   * The presence of a device by its id alone; of one that was never here it cannot tell since when,
   * and says 0.
   */
  public Presence of(String device) {
    Whereabouts whereabouts = devices.get(device);
    return whereabouts == null ? neverSeen(0) : whereabouts.presence();
  }

  /** The presence of a device; one that was never here is offline since it was registered. */
  public Presence of(Device device) {
    Presence presence = of(device.id());
    // What was before the registration was another device of the same id.
    return presence.since() < device.created() ? neverSeen(device.created()) : presence;
  }

  /** Ends the device's session, if there is one, and tells it why. */
  public void evict(String device, String cause) {
    if (devices.get(device) instanceof Attached attached && end(attached.session(), cause)) {
      tell(attached.eviction(), cause);
    }
  }

  /** Evicts a device that has been deleted, and forgets that it ever was. */
  public void forget(String device) {
    evict(device, "deleted");
    devices.computeIfPresent(device, (id, place) -> place instanceof Away ? null : place);
  }

  /** How many devices have a session. */
  public int online() {
    return online;
  }

  private void enter(Session session, Eviction eviction) {
    Attached attached = Attached.alone(session, eviction);
    Attached displaced = attach(attached);
    if (displaced != null) {
      tell(displaced.eviction(), isFlapping(session.device()) ? REPLACED_AGAIN : REPLACED);
    }
  }

  /** Answers who has to go: the older session, or the new one if it is late, or nobody. */
  private synchronized @Nullable Attached attach(Attached arriving) {
    Session session = arriving.session();
    Whereabouts present = devices.get(session.device());
    if (present != null && present.presence().session() > session.epoch()) {
      return arriving;
    }
    if (present instanceof Attached older) {
      place(session.device(), older.replacedBy(session, arriving.eviction()));
      return older;
    }
    online++;
    place(session.device(), arriving);
    return null;
  }

  private boolean end(Session session, String cause) {
    Away away = detach(session, cause);
    if (away != null) {
      save(session.device(), away);
    }
    return away != null;
  }

  private synchronized @Nullable Away detach(Session session, String cause) {
    if (devices.get(session.device()) instanceof Attached attached
        && attached.session().epoch() == session.epoch()) {
      Away away = attached.left(clock.getAsLong(), cause);
      online--;
      place(session.device(), away);
      return away;
    }
    return null;
  }

  private void place(String device, Whereabouts whereabouts) {
    devices.put(device, whereabouts);
    changes.publish(new Event.PresenceChanged(device, whereabouts.presence()));
  }

  private void save(String device, Away away) {
    store
        .release(device, away.presence())
        .onSuccess(kept -> saveWhatCouldNotBe())
        .onFailure(refused -> unsaved.put(device, away));
  }

  private void saveWhatCouldNotBe() {
    unsaved.forEach((device, away) -> retry(device, away));
  }

  private void retry(String device, Away away) {
    if (unsaved.remove(device, away)) {
      save(device, away);
    }
  }

  private boolean isFlapping(String device) {
    return devices.get(device) instanceof Attached attached && attached.isFlapping();
  }

  private static void tell(Eviction eviction, String cause) {
    try {
      eviction.evicted(cause);
    } catch (RuntimeException failed) {
      LOG.error("A session could not be told that it is over", failed);
    }
  }

  private static Presence neverSeen(long since) {
    return new Presence(Presence.State.OFFLINE, since, "never seen", null, 0, null);
  }
}

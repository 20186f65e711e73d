package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Presence;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Index of the presence of all devices, wherever their sessions are. It follows the topic of
 * presence events, so a change on another node reaches it as soon as the event does. Of two
 * presences of a device, the one with the higher epoch counts.
 *
 * <p>A session of this node is not copied: the index reads it from {@link SessionRegistry}, and
 * keeps the devices that have none here. So a device costs one entry, in the one or in the other.
 *
 * <p>Threading: any thread may read, without a lock, or forget a device; other changes are made
 * under the registry's lock.
 */
public final class PresenceIndex {
  private final Function<String, @Nullable Presence> here;
  private final Map<String, Presence> elsewhere = new ConcurrentHashMap<>();

  /** Number of devices that have left {@link #elsewhere}. */
  private final AtomicLong removals = new AtomicLong();

  /**
   * An empty index.
   *
   * @param here the presence of a device by its session on this node; null if it has none. An ended
   *     session must be in the index before this answers null
   */
  PresenceIndex(Function<String, @Nullable Presence> here) {
    this.here = here;
  }

  /** The presence of a device by its id; for one that has never connected, since is 0. */
  public Presence of(String device) {
    Presence found;
    long before;
    do {
      before = removals.get();
      found = find(device);
      // A device that connects between the two look-ups is found by neither.
    } while (found == null && before != removals.get());
    return found == null ? Presence.neverSeen(0) : found;
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

  private @Nullable Presence find(String device) {
    Presence own = here.apply(device);
    Presence other = elsewhere.get(device);
    boolean newer = own == null || (other != null && other.session() >= own.session());
    return newer ? other : own;
  }

  /** Adds the stored presence of a device, unless an event of a newer session has come first. */
  void restore(String device, Presence presence) {
    elsewhere.merge(
        device, presence, (known, stored) -> known.session() > stored.session() ? known : stored);
  }

  /**
   * A presence has changed.
   *
   * @param isHere whether it is that of a session of this node
   */
  void changed(Event.PresenceChanged change, boolean isHere) {
    String device = change.device();
    Presence known = elsewhere.get(device);
    if (known != null && isOver(known, change.presence())) {
      return;
    }
    if (!isHere) {
      elsewhere.put(device, change.presence());
    } else if (known != null) {
      removals.incrementAndGet();
      elsewhere.remove(device);
    }
  }

  /**
   * Whether the change is of an earlier session, or of one that has ended: that does not return,
   * and if two nodes have ended it, the first end counts on all.
   */
  private static boolean isOver(Presence known, Presence change) {
    boolean ended = known.state() == Presence.State.OFFLINE;
    boolean later = change.state() != Presence.State.OFFLINE || change.since() > known.since();
    return known.session() > change.session()
        || (known.session() == change.session() && ended && later);
  }

  /** Removes a deleted device, unless it has a newer session than this. */
  void forget(String device, long epoch) {
    Presence known = elsewhere.get(device);
    if (known != null && known.session() <= epoch) {
      removals.incrementAndGet();
      elsewhere.remove(device, known); // not an event that has come since
    }
  }
}

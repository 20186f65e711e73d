package io.signalbox.hub.fleet;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.fleet.Whereabouts.Attached;
import io.signalbox.hub.fleet.Whereabouts.Away;
import io.signalbox.hub.fleet.Whereabouts.Here;
import io.signalbox.hub.model.Presence.Flapping;
import io.signalbox.hub.model.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the peace: knows whose sessions come and go, gives a name to who does not come to rest, and
 * makes those wait who take an id from each other. Nothing is kept of devices that are calm, and
 * nothing over a restart. Times are of the monotonic clock.
 *
 * <p>Threading: any thread.
 */
final class Constable {
  /** What the hub does to devices is not held against them. */
  private static final Set<String> NOT_THEIR_DOING = Set.of("hub restarted", "draining");

  private final HubClock clock;
  private final Map<String, Unrest> restless = new ConcurrentHashMap<>();
  private final int unsteadyChanges;
  private final long windowMillis;

  Constable(FleetSettings settings, HubClock clock) {
    this.clock = clock;
    this.unsteadyChanges = settings.unsteadyChanges();
    this.windowMillis = settings.calm().toMillis();
  }

  /** What the device is called; null for one that is calm. */
  @Nullable Flapping nameOf(String device) {
    Unrest unrest = restless.get(device);
    return unrest == null ? null : unrest.name();
  }

  /** Refuses who asks too soon for an id that others fight for; the holder is left in peace. */
  void checkClaim(String device, @Nullable Whereabouts present, long now) {
    Unrest unrest = restless.get(device);
    int seconds = unrest == null || !(present instanceof Here) ? 0 : unrest.claim(now);
    if (seconds > 0 && present instanceof Here holder) {
      String who = "device %s is held by %s".formatted(device, holder.session().address());
      String wait = "two connections take it from each other: try again in " + seconds + " s";
      throw new Refusal(Refusal.Kind.TOO_FAST, who + "; " + wait).retryIn(seconds);
    }
  }

  /** A session has begun, perhaps in the place of another. */
  void came(Session session, @Nullable Whereabouts before, long now) {
    boolean takeover = before instanceof Here;
    Unrest unrest = remember(session.device(), before, now, takeover);
    if (unrest != null) {
      unrest.changed(takeover ? 2 : 1, now, session.address());
    }
    // Who was between two polls holds nothing that could be taken.
    if (unrest != null && before instanceof Attached older) {
      unrest.takenOver(older.session().address(), session.address(), now);
    }
  }

  /**
   * A poller's session has gone from one address to another, and both are there.
   *
   * @return whether the device has got a name by that
   */
  boolean moved(Session session, String to, int takeovers, long now) {
    Unrest unrest =
        restless.computeIfAbsent(
            session.device(),
            device -> new Unrest(unsteadyChanges, windowMillis, now, clock.wallOf(now)));
    boolean nameless = unrest.name() == null;
    for (int i = 0; i < takeovers; i++) {
      unrest.takenOver(session.address(), to, now);
    }
    return nameless && unrest.name() != null;
  }

  /** A session has ended. */
  void left(Here before, Away away, long now) {
    Session session = before.session();
    if (!NOT_THEIR_DOING.contains(away.last().cause())) {
      Unrest unrest = remember(session.device(), before, now, false);
      if (unrest != null) {
        unrest.changed(1, now, session.address());
      }
    }
  }

  /**
   * Whom a newer session displaced has answered: it was alive.
   *
   * @return whether the device has got a name by that
   */
  boolean lives(String device, long now) {
    Unrest unrest = restless.get(device);
    return unrest != null && unrest.lives(now);
  }

  /** What is said to whom another takes the id from. */
  String farewell(Session displacing) {
    Unrest unrest = restless.get(displacing.device());
    int pause = unrest == null ? 0 : unrest.pauseSeconds();
    String replaced = "replaced by " + displacing.address();
    return pause == 0
        ? replaced
        : "%s; two connections fight for this id; Retry-After: %d".formatted(replaced, pause);
  }

  /** Forgets who is calm; answers whose name goes with that. */
  List<String> forgetCalm(long now) {
    List<String> pacified = new ArrayList<>();
    restless.forEach(
        (device, unrest) -> {
          if (unrest.isOver(now) && restless.remove(device, unrest) && unrest.name() != null) {
            pacified.add(device);
          }
        });
    return pacified;
  }

  /** Forgets a device that is no more. */
  void forget(String device) {
    restless.remove(device);
  }

  private @Nullable Unrest remember(
      String device, @Nullable Whereabouts before, long now, boolean anyway) {
    Unrest known = restless.get(device);
    if (known != null || before == null) {
      return known;
    }
    boolean soon = isSoonAfter(before, now);
    return soon || anyway ? begin(device, soon ? before : null, now) : null;
  }

  private Unrest begin(String device, @Nullable Whereabouts counting, long now) {
    long began = counting == null ? now : clock.monotonicOf(counting.lastChange());
    Unrest unrest = new Unrest(unsteadyChanges, windowMillis, began, clock.wallOf(began));
    if (counting != null) {
      unrest.changed(1, began, "");
    }
    restless.put(device, unrest);
    return unrest;
  }

  private boolean isSoonAfter(Whereabouts before, long now) {
    boolean own = !(before instanceof Away away) || !NOT_THEIR_DOING.contains(away.last().cause());
    // Only a stamp says when that was: a step of the clock in between makes it a guess, which the
    // next change puts right.
    return own && Math.abs(clock.wallOf(now) - before.lastChange()) <= windowMillis;
  }
}

package io.signalbox.hub.fleet;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.fleet.SessionState.Connected;
import io.signalbox.hub.fleet.SessionState.Present;
import io.signalbox.hub.fleet.SessionState.Sleeping;
import io.signalbox.hub.fleet.SessionStore.StoredSession;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Refusal;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Write-behind of session state. Ends of sessions are written at once; states of pollers are
 * written in rounds, many in one transaction: a poll costs no write of its own. Failed writes are
 * retried.
 *
 * <p>Threading: any thread; {@link #write} under the lock that changes states, so that the end of a
 * session is not overtaken by an older plan.
 */
final class SessionWriteBehind {
  /** Maximum age of a stored plan. */
  private static final long PLAN_MILLIS = 10_000;

  /**
   * Maximum number of pollers per transaction: others write as well, and a round follows every
   * second.
   */
  private static final int MAX_PER_ROUND = 5_000;

  private final SessionStore store;
  private final String node;
  private final HubClock clock;
  private final Map<String, Presence> unsaved = new ConcurrentHashMap<>();
  private final Set<String> turned = ConcurrentHashMap.newKeySet();
  private final Set<String> planned = ConcurrentHashMap.newKeySet();
  private long plansWritten;

  /** Clock offset of the stored plans. */
  private long keptBy;

  SessionWriteBehind(SessionStore store, String node, HubClock clock) {
    this.store = store;
    this.node = node;
    this.clock = clock;
    this.keptBy = clock.offsetMillis();
    this.plansWritten = clock.monotonicMillis() - PLAN_MILLIS;
  }

  /**
   * Writes the end of a session.
   *
   * @param deleted called if the device was deleted
   */
  void ended(String device, Presence away, BiConsumer<String, Presence> deleted) {
    store
        .release(device, away)
        .onSuccess(kept -> retry(deleted))
        .onFailure(failure -> refused(device, away, failure, deleted));
  }

  /** Marks a poller that fell asleep, woke up or became overdue. */
  void turned(String device) {
    turned.add(device);
  }

  /** Marks a poller with a new planned contact. */
  void planned(String device) {
    planned.add(device);
  }

  /** Writes the changed states of pollers. */
  void write(Map<String, Present> present) {
    followClock(present);
    long now = clock.monotonicMillis();
    if (now - plansWritten >= PLAN_MILLIS) {
      plansWritten = now;
      turned.addAll(planned);
      planned.clear();
    }
    keep(present::get, MAX_PER_ROUND);
  }

  /** After a step of the wall clock the plans are written again, in new wall time. */
  private void followClock(Map<String, Present> present) {
    long offset = clock.offsetMillis();
    if (Math.abs(offset - keptBy) >= HubClock.STEP_MILLIS) {
      present.forEach(this::follow);
    }
    keptBy = offset;
  }

  private void follow(String device, Present state) {
    if (state instanceof Sleeping) {
      turned.add(device);
    }
  }

  /** Writes all changed states, including those that could wait. */
  void writeAll(Function<String, @Nullable Present> present) {
    turned.addAll(planned);
    planned.clear();
    keep(present, Integer.MAX_VALUE);
  }

  private void keep(Function<String, @Nullable Present> present, int most) {
    Map<String, StoredSession> pollers = new HashMap<>();
    Iterator<String> next = turned.iterator();
    while (next.hasNext() && pollers.size() < most) {
      String device = next.next();
      next.remove();
      add(pollers, device, present.apply(device));
    }
    if (!pollers.isEmpty()) {
      store.savePollers(pollers).onFailure(refused -> turned.addAll(pollers.keySet()));
    }
  }

  private void add(Map<String, StoredSession> pollers, String device, @Nullable Present present) {
    if (present instanceof Sleeping resting) {
      pollers.put(device, stored(resting, clock.wallOf(resting.contact())));
    } else if (present instanceof Connected attached) {
      pollers.put(device, stored(attached, 0));
    }
  }

  private StoredSession stored(Present poller, long contact) {
    return new StoredSession(poller.presence(null, clock), contact, node);
  }

  private void refused(
      String device, Presence away, Throwable failure, BiConsumer<String, Presence> deleted) {
    if (failure instanceof Refusal refusal && refusal.kind() == Refusal.ErrorCode.UNKNOWN_DEVICE) {
      deleted.accept(device, away);
    } else {
      unsaved.put(device, away);
    }
  }

  /** Writes an end again that could not be written; once that succeeds, the others follow. */
  void retryOne(BiConsumer<String, Presence> deleted) {
    unsaved.entrySet().stream()
        .findFirst()
        .filter(each -> unsaved.remove(each.getKey(), each.getValue()))
        .ifPresent(each -> ended(each.getKey(), each.getValue(), deleted));
  }

  private void retry(BiConsumer<String, Presence> deleted) {
    unsaved.forEach(
        (device, away) -> {
          if (unsaved.remove(device, away)) {
            ended(device, away, deleted);
          }
        });
  }
}

package io.signalbox.hub.fleet;

import io.signalbox.hub.fleet.SessionState.Present;
import io.signalbox.hub.fleet.SessionState.Sleeping;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Deadlines after which a poller is overdue or offline. A poller gets slack in proportion to its
 * interval; and because it cannot reach a hub that is down, its absence counts only from when the
 * hub has been listening without a break. Its device type may say after which silence it is
 * offline; that is looked up once it is overdue, and again after changes of types and of the
 * device.
 *
 * <p>All times are of the monotonic clock. Threading: one thread at a time, but for the changes.
 */
final class PollDeadlines {
  /** A sweep that is this late means that the hub was paused. */
  private static final long BREAK_MILLIS = 30_000;

  private static final int SLACK_DIVISOR = 4;
  private static final int OFFLINE_INTERVALS = 3;

  private final long slackMillis;
  private final long graceMillis;
  private volatile long listeningSince;
  private volatile long lastRound;
  private volatile @Nullable TypedDevices types;

  /** Of overdue pollers: the silence after which their types say that they are offline. */
  private final Map<String, Future<Optional<Duration>>> silences = new ConcurrentHashMap<>();

  PollDeadlines(FleetSettings settings) {
    this.slackMillis = settings.pollOverdueAfter().toMillis();
    this.graceMillis = settings.pollOfflineAfter().toMillis();
  }

  /** Starts the time at which devices can reach the hub. */
  void listen(long now) {
    listeningSince = now;
    lastRound = now;
  }

  /**
   * Finds the pollers whose deadlines have passed.
   *
   * @param late gets those that are overdue
   * @param lost gets those that count as offline
   */
  void sweep(SessionTable sessions, long now, Consumer<Sleeping> late, Consumer<Sleeping> lost) {
    if (now - lastRound > BREAK_MILLIS) {
      listeningSince = now;
    }
    lastRound = now;
    if (sessions.hasPollers()) {
      sessions.all().values().forEach(state -> check(state, now, late, lost));
    }
    silences
        .keySet()
        .removeIf(
            device -> !(sessions.get(device) instanceof Sleeping poller) || !poller.overdue());
  }

  private void check(Present state, long now, Consumer<Sleeping> late, Consumer<Sleeping> lost) {
    if (state instanceof Sleeping poller) {
      if (isLost(poller, now)) {
        lost.accept(poller);
      } else if (!poller.overdue() && isLate(poller, now)) {
        late.accept(poller);
      }
    }
  }

  /** Whether the poller is overdue. */
  private boolean isLate(Sleeping poller, long now) {
    return now > due(poller) + Math.max(slackMillis, interval(poller) / SLACK_DIVISOR);
  }

  /** Asks these types for the silence after which a poller is offline. */
  void silenceBy(TypedDevices byType) {
    types = byType;
    byType.onChange(silences::remove, silences::clear);
  }

  /** Whether the poller counts as offline. */
  private boolean isLost(Sleeping poller, long now) {
    TypedDevices byType = types;
    if (byType == null || byType.isEmpty()) {
      return isLostByDefault(poller, now);
    }
    if (!poller.overdue()) {
      return false; // it becomes overdue first
    }
    String device = poller.session().device();
    Future<Optional<Duration>> silence = silences.computeIfAbsent(device, byType::offlineAfter);
    if (silence.failed()) {
      // While the store cannot be read, the type may allow a longer silence: the next sweep asks.
      silences.remove(device, silence);
    }
    if (!silence.succeeded()) {
      return false;
    }
    Optional<Duration> own = silence.result();
    return own.isEmpty()
        ? isLostByDefault(poller, now)
        : now > Math.max(poller.contact(), listeningSince) + own.get().toMillis();
  }

  private boolean isLostByDefault(Sleeping poller, long now) {
    return now > due(poller) + Math.max(graceMillis, OFFLINE_INTERVALS * interval(poller));
  }

  private long due(Sleeping poller) {
    return Math.max(poller.expected(), listeningSince);
  }

  private static long interval(Sleeping poller) {
    return Math.max(0, poller.expected() - poller.contact());
  }
}

package io.signalbox.hub.command;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.longpoll.HeldRequests;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Ownership;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Periodic work of the engine: expired held requests, scheduled commands that become due, expired
 * commands, retries after store failures, and the deletion of old commands.
 *
 * <p>Threading: tasks of the engine.
 */
final class CommandSweeper {
  /** Interval of the sweep, and the maximum delay of anything due. */
  static final long TICK_MS = 100;

  private static final Logger LOG = LoggerFactory.getLogger(CommandSweeper.class);
  private static final long RETRY_MS = 1_000;
  private static final long TRIM_MS = 60_000;
  private static final Duration SETTLED = Duration.ofHours(1);

  private static final int PAGE_SIZE = 200;

  private final CommandEngine engine;
  private final CommandStore store;
  private final HeldRequests<Command> heldRequests;
  private final EngineClock clock;
  private final HubClock hubClock;
  private final Duration retention;
  private volatile Ownership ownership = Ownership.ALL;
  private Future<Void> chores = Future.succeededFuture();
  private Future<Void> following = Future.succeededFuture();
  private boolean followedAny;
  private long lastFollow;
  private long lastRetry;
  private long lastTrim;

  CommandSweeper(
      CommandEngine engine,
      CommandStore store,
      HeldRequests<Command> heldRequests,
      EngineClock clock,
      HubClock hubClock,
      Duration retention) {
    this.engine = engine;
    this.store = store;
    this.heldRequests = heldRequests;
    this.clock = clock;
    this.hubClock = hubClock;
    this.retention = retention;
    long now = hubClock.monotonicMillis();
    this.lastFollow = now - RETRY_MS;
    this.lastRetry = now - RETRY_MS;
    this.lastTrim = now - TRIM_MS;
  }

  /** Divides the work between the nodes from now on. */
  void divideBy(Ownership between) {
    ownership = between;
  }

  /**
   * Recovery at the start: ends commands of deleted devices and expired commands, requeues commands
   * that were sent over a connection, and restores leases.
   */
  Future<Void> recover() {
    return endOrphaned().compose(gone -> requeue("")).compose(queued -> expireAll());
  }

  /** Runs what is due; longer work still in progress is not started twice. Never fails. */
  Future<Void> sweep() {
    long now = hubClock.monotonicMillis();
    heldRequests.answerExpired();
    long step = clock.step();
    if (step != 0 && following.isComplete() && now - lastFollow >= RETRY_MS) {
      lastFollow = now;
      following = follow(step).recover(CommandSweeper::tryAgain);
    }
    Future<Void> appointments =
        engine.settleDue(clock.wallMillis()).recover(CommandSweeper::tryAgain);
    if (chores.isComplete()) {
      chores = chores(now).recover(CommandSweeper::tryAgain);
    }
    return Future.join(following, appointments, chores).mapEmpty();
  }

  /**
   * Follows a step of the wall clock: while no transaction is in progress, deadlines and the
   * engine's time move together, and mailboxes with deadlines compute them again.
   */
  private Future<Void> follow(long step) {
    Set<String> concerned = new HashSet<>();
    return engine
        .suspendMailboxes()
        .compose(empty -> moveDeadlines(step))
        .onSuccess(moved -> concerned.addAll(engine.clearDeadlines()))
        .onComplete(moved -> engine.resumeMailboxes())
        .compose(moved -> engine.settle(concerned));
  }

  private Future<Void> moveDeadlines(long step) {
    long from = clock.wallMillis();
    // A command that seems to be created in the future, before any step, is from an earlier run
    // with a better clock: this run started too early, and its clock is being corrected.
    long madeUntil = followedAny || step < 0 ? Long.MAX_VALUE : from;
    // All nodes follow one clock and notice its step; one moves the deadlines.
    Future<Void> moved =
        ownership.ofUndivided()
            ? store.moveDeadlines(new CommandStore.ClockStep(from, from + step, madeUntil))
            : Future.succeededFuture();
    return engine.resume(moved).onSuccess(done -> stepped(step));
  }

  private void stepped(long step) {
    followedAny = true;
    clock.stepped(step);
  }

  private Future<Void> chores(long now) {
    return expireAll().eventually(() -> retry(now)).eventually(() -> trim(now));
  }

  private Future<Void> endOrphaned() {
    return engine.resume(store.orphaned(PAGE_SIZE)).compose(this::endCommandsOf);
  }

  private Future<Void> endCommandsOf(List<String> devices) {
    List<Future<Void>> all = new ArrayList<>(devices.size());
    devices.forEach(device -> all.add(engine.deleteDevice(device, Future::succeededFuture)));
    return devices.isEmpty()
        ? Future.succeededFuture()
        : Future.join(all).compose(ended -> endOrphaned());
  }

  /** Requeues commands whose sessions have ended on a node that no longer answers. */
  Future<Void> requeueLost() {
    return requeue("");
  }

  private Future<Void> requeue(String after) {
    return engine
        .resume(store.awaitingAnswer(after, PAGE_SIZE))
        .compose(devices -> thenAgain(devices, () -> requeue(devices.getLast())));
  }

  private Future<Void> expireAll() {
    return engine
        .resume(store.due(clock.wallMillis(), PAGE_SIZE))
        .map(devices -> devices.stream().filter(ownership::of).toList())
        .compose(devices -> thenAgain(devices, this::expireAll));
  }

  private Future<Void> thenAgain(List<String> devices, Supplier<Future<Void>> again) {
    return devices.isEmpty()
        ? Future.succeededFuture()
        : engine.settle(devices).compose(settled -> again.get());
  }

  private Future<Void> retry(long now) {
    if (now - lastRetry < RETRY_MS) {
      return Future.succeededFuture();
    }
    lastRetry = now;
    return engine.settleUnsettled();
  }

  private Future<Void> trim(long now) {
    if (now - lastTrim < TRIM_MS || !ownership.ofUndivided()) {
      return Future.succeededFuture();
    }
    return engine
        .resume(store.trim(endedBefore(), PAGE_SIZE))
        .onSuccess(forgotten -> lastTrim = forgotten == PAGE_SIZE ? lastTrim : now)
        .mapEmpty();
  }

  /** After a forward step of the clock nothing is deleted until the new time is an hour old. */
  private long endedBefore() {
    return hubClock.wallMillisBeforeSteps(SETTLED) - retention.toMillis();
  }

  private static Future<Void> tryAgain(Throwable cause) {
    LOG.debug("Command sweep failed, will be retried at the next tick", cause);
    return Future.succeededFuture();
  }
}

package io.signalbox.hub.command;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.longpoll.HeldRequest;
import io.signalbox.hub.longpoll.HeldRequests;
import io.signalbox.hub.model.Command;
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
 * What time brings about, looked for in every tick: waits run out, commands that were held back
 * become due, commands expire, what the store refused is tried again, what ended long ago is
 * forgotten.
 *
 * <p>Threading: the room's thread.
 */
final class CommandSweeper {
  /** How late anything may be. */
  static final long TICK_MS = 100;

  private static final Logger LOG = LoggerFactory.getLogger(CommandSweeper.class);
  private static final long RETRY_MS = 1_000;
  private static final long TRIM_MS = 60_000;
  private static final Duration SETTLED = Duration.ofHours(1);

  private static final int AT_A_TIME = 200;

  private final CommandEngine engine;
  private final CommandStore store;
  private final EngineClock clock;
  private final HubClock elapsed;
  private final HeldRequests<Command> waits;
  private Future<Void> chores = Future.succeededFuture();
  private Future<Void> following = Future.succeededFuture();
  private boolean followedAny;
  private long lastFollow;
  private long lastRetry;
  private long lastTrim;

  CommandSweeper(CommandEngine engine, HeldRequests<Command> waits) {
    this.engine = engine;
    this.store = engine.engineContext().store();
    this.clock = engine.clock();
    this.elapsed = engine.engineContext().clock();
    this.waits = waits;
    long now = elapsed.monotonicMillis();
    this.lastFollow = now - RETRY_MS;
    this.lastRetry = now - RETRY_MS;
    this.lastTrim = now - TRIM_MS;
  }

  /**
   * At start: what was for devices that are gone ends, and so does what is past its time; what was
   * sent over a connection is queued again, and leases are watched.
   */
  Future<Void> recover() {
    return withdrawOrphaned().compose(gone -> requeue("")).compose(queued -> expireAll());
  }

  /** Does what is due now; longer work that is still under way is not begun twice. Never fails. */
  Future<Void> sweep() {
    long now = elapsed.monotonicMillis();
    waits.takeExpired().forEach(this::answerAsItStands);
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
   * The wall clock has stepped: with no turn under way, deadlines and time are moved together, and
   * who had something to look after is told when that is now.
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
    // What seems to be made later than now, before any step, is of an earlier run with a better
    // clock: this one started too early, and is being set right.
    long madeUntil = followedAny || step < 0 ? Long.MAX_VALUE : from;
    return engine
        .resume(store.moveDeadlines(new CommandStore.ClockStep(from, from + step, madeUntil)))
        .onSuccess(moved -> stepped(step));
  }

  private void stepped(long step) {
    followedAny = true;
    clock.stepped(step);
  }

  private Future<Void> chores(long now) {
    return expireAll().eventually(() -> retry(now)).eventually(() -> trim(now));
  }

  /** Whoever waits for a command is answered as it stands, and whoever still comes. */
  Future<Void> drain() {
    waits.drain().forEach(this::answerAsItStands);
    return Future.succeededFuture();
  }

  private void answerAsItStands(HeldRequest<Command> wait) {
    engine.get(wait.id()).onSuccess(wait::answer).onFailure(wait::refuse);
  }

  private Future<Void> withdrawOrphaned() {
    return engine.resume(store.orphaned(AT_A_TIME)).compose(this::withdraw);
  }

  private Future<Void> withdraw(List<String> devices) {
    List<Future<Void>> all = new ArrayList<>(devices.size());
    devices.forEach(device -> all.add(engine.deleteDevice(device, Future::succeededFuture)));
    return devices.isEmpty()
        ? Future.succeededFuture()
        : Future.join(all).compose(withdrawn -> withdrawOrphaned());
  }

  private Future<Void> requeue(String after) {
    return engine
        .resume(store.awaitingAnswer(after, AT_A_TIME))
        .compose(devices -> thenAgain(devices, () -> requeue(devices.getLast())));
  }

  private Future<Void> expireAll() {
    return engine
        .resume(store.due(clock.wallMillis(), AT_A_TIME))
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
    if (now - lastTrim < TRIM_MS) {
      return Future.succeededFuture();
    }
    return engine
        .resume(store.trim(endedBefore(), AT_A_TIME))
        .onSuccess(forgotten -> lastTrim = forgotten == AT_A_TIME ? lastTrim : now)
        .mapEmpty();
  }

  /** A clock that was set ahead forgets nothing before it has been believed for an hour. */
  private long endedBefore() {
    long now = elapsed.wallMillisBeforeSteps(SETTLED);
    return now - engine.engineContext().settings().retention().toMillis();
  }

  private static Future<Void> tryAgain(Throwable cause) {
    LOG.debug("The store refuses a sweep over commands; the next tick tries again", cause);
    return Future.succeededFuture();
  }
}

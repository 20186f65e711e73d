package io.signalbox.hub.command;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.waiting.Wait;
import io.signalbox.hub.waiting.Waits;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
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
final class Sweep {
  /** How late anything may be. */
  static final long TICK_MS = 100;

  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
  private static final long RETRY_MS = 1_000;
  private static final long TRIM_MS = 60_000;

  private final Ledger ledger;
  private final PostOffice office;
  private final Waits<Command> waits;
  private final HubClock clock;
  private final Duration retention;
  private Future<Void> chores = Future.succeededFuture();
  private long lastRetry;
  private long lastTrim;

  Sweep(
      Ledger ledger, PostOffice office, Waits<Command> waits, HubClock clock, Duration retention) {
    this.ledger = ledger;
    this.office = office;
    this.waits = waits;
    this.clock = clock;
    this.retention = retention;
  }

  /**
   * At start: what was for devices that are gone ends, and so does what is past its time; what was
   * sent over a connection is queued again, and leases are watched.
   */
  Future<Void> recover() {
    return withdrawOrphaned().compose(gone -> requeue("")).compose(queued -> expireAll());
  }

  /** Does what is due now; longer work that is still under way is not begun twice. Never fails. */
  Future<Void> tick() {
    long now = clock.wallMillis();
    waits.takeDue().forEach(this::answerAsItStands);
    Future<Void> appointments = office.keepAppointments(now).recover(Sweep::tryAgain);
    if (chores.isComplete()) {
      chores = chores(now).recover(Sweep::tryAgain);
    }
    return Future.join(appointments, chores).mapEmpty();
  }

  private Future<Void> chores(long now) {
    return expireAll().eventually(() -> retry(now)).eventually(() -> trim(now));
  }

  private void answerAsItStands(Wait<Command> wait) {
    ledger.get(wait.id()).onSuccess(wait::answer).onFailure(wait::refuse);
  }

  private Future<Void> withdrawOrphaned() {
    return ledger.orphaned().compose(this::withdraw);
  }

  private Future<Void> withdraw(List<String> devices) {
    return devices.isEmpty()
        ? Future.succeededFuture()
        : office.withdraw(devices).compose(withdrawn -> withdrawOrphaned());
  }

  private Future<Void> requeue(String after) {
    return ledger
        .awaitingAnswer(after)
        .compose(devices -> thenAgain(devices, () -> requeue(devices.getLast())));
  }

  private Future<Void> expireAll() {
    return ledger.due(clock.wallMillis()).compose(devices -> thenAgain(devices, this::expireAll));
  }

  private Future<Void> thenAgain(List<String> devices, Supplier<Future<Void>> again) {
    return devices.isEmpty()
        ? Future.succeededFuture()
        : office.settle(devices).compose(settled -> again.get());
  }

  private Future<Void> retry(long now) {
    if (Math.abs(now - lastRetry) < RETRY_MS) {
      return Future.succeededFuture();
    }
    lastRetry = now;
    return office.retry();
  }

  private Future<Void> trim(long now) {
    if (Math.abs(now - lastTrim) < TRIM_MS) {
      return Future.succeededFuture();
    }
    return ledger
        .trim(now - retention.toMillis())
        .onSuccess(more -> lastTrim = more ? lastTrim : now)
        .mapEmpty();
  }

  private static Future<Void> tryAgain(Throwable cause) {
    LOG.debug("The store refuses a sweep over commands; the next tick tries again", cause);
    return Future.succeededFuture();
  }
}

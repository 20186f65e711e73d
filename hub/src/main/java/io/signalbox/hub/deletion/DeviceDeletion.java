package io.signalbox.hub.deletion;

import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.fleet.DeletionRecord;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.fleet.SessionRegistry;
import io.signalbox.hub.model.Ownership;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.recorder.FlightRecorder;
import io.signalbox.hub.telemetry.HistoryService;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletion of devices from all stores. Commands and readings are in stores that share no
 * transaction with the registry, so the transaction that removes the device from the registry also
 * writes a {@link DeletionRecord}: a record of the work that remains.
 *
 * <ul>
 *   <li>The remaining work starts at once. Steps that fail are repeated in every {@link #sweep} and
 *       at the next start, until they succeed.
 *   <li>While there is a record, the id cannot be registered again: a registration first waits for
 *       the remaining work. So a device never inherits data of an earlier device with its id.
 *   <li>A later sweep removes the record, when readings that were in flight during the deletion
 *       have reached the store; it removes these too.
 * </ul>
 *
 * <p>Threading: any thread; futures complete on any thread. Operations on one device run one after
 * the other.
 */
public final class DeviceDeletion {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceDeletion.class);
  private static final long SWEEP_MS = 10_000;
  private static final int PAGE_SIZE = 200;

  private final DeviceRegistry registry;
  private final CommandService commands;
  private final HistoryService history;
  private final FlightRecorder recorder;
  private final DeviceOperationQueue operations = new DeviceOperationQueue();
  private final AtomicBoolean sweeping = new AtomicBoolean();

  private volatile Ownership ownership = Ownership.ALL;

  /** Highest record number when the last sweep ended. */
  private volatile long seen;

  /** Does not sweep yet; registers itself as the registry's check before an id is reused. */
  public DeviceDeletion(
      DeviceRegistry registry,
      SessionRegistry sessions,
      CommandService commands,
      HistoryService history,
      FlightRecorder recorder) {
    this.registry = registry;
    this.commands = commands;
    this.history = history;
    this.recorder = recorder;
    registry.beforeReuse(this::finish);
    registry.onDeletion(sessions::forget);
  }

  /** Outcome of a deletion. */
  public enum Outcome {
    /** All data of the device is deleted. */
    DONE,
    /** The device is deleted; data in other stores is deleted as soon as they accept it. */
    PENDING
  }

  /** Resumes the deletions of the last run; succeeds even if a store refuses, and retries later. */
  public Future<Void> open(Vertx vertx) {
    return open(vertx, Ownership.ALL);
  }

  /** The same on one of several nodes: each completes the deletions that it owns. */
  public Future<Void> open(Vertx vertx, Ownership between) {
    ownership = between;
    // No readings are in flight at the start of the only node: every record may be removed.
    long settledBefore = between.equals(Ownership.ALL) ? Long.MAX_VALUE : seen;
    return sweep(settledBefore).onSuccess(swept -> vertx.setPeriodic(SWEEP_MS, timer -> sweep()));
  }

  /**
   * Deletes a device. On success it is out of the registry for good, with any outcome. A repeated
   * call before all is done continues the work; after that: {@code UNKNOWN_DEVICE}. {@code
   * UNAVAILABLE} if the registry refuses: nothing has changed then.
   */
  public Future<Outcome> delete(String device) {
    return operations.next(device, () -> deleteNow(device));
  }

  private Future<Outcome> deleteNow(String device) {
    AtomicBoolean gone = new AtomicBoolean();
    return commands
        .deleteDevice(device, () -> registry.delete(device).onSuccess(deleted -> gone.set(true)))
        .transform(ended -> gone.get() ? outcome(settle(device)) : repeated(device, ended.cause()));
  }

  private static Future<Outcome> outcome(Future<Void> settling) {
    return settling.map(Outcome.DONE).otherwise(Outcome.PENDING);
  }

  /** A caller that repeats a failed deletion gets its present state. */
  private Future<Outcome> repeated(String device, Throwable refused) {
    if (!(refused instanceof Refusal refusal) || refusal.kind() != ErrorCode.UNKNOWN_DEVICE) {
      return Future.failedFuture(refused);
    }
    return registry
        .deletion(device)
        .compose(
            found ->
                found.isEmpty() || found.get().settled()
                    ? Future.failedFuture(refusal)
                    : outcome(settle(device)));
  }

  /** Completes the deletion of a device, so that its id can be registered again. */
  private Future<Void> finish(String device) {
    return operations.next(device, () -> ifDeleted(device, () -> clear(device)));
  }

  private Future<Void> ifDeleted(String device, Supplier<Future<Void>> step) {
    return registry
        .deletion(device)
        .compose(found -> found.isEmpty() ? Future.succeededFuture() : step.get());
  }

  /** Deletes late data once more, then the record. */
  private Future<Void> clear(String device) {
    return remove(device).compose(removed -> registry.deletionOver(device));
  }

  private Future<Void> settle(String device) {
    return remove(device)
        .compose(removed -> registry.deletionSettled(device))
        .onFailure(refused -> logRetry(device, refused));
  }

  /**
   * Every step runs even if another fails. The flight recorder drops entries of the device when it
   * is flushed; that fails on a full disk, where the id cannot be registered either.
   */
  private Future<Void> remove(String device) {
    return Future.join(
            commands.deleteDevice(device, Future::succeededFuture),
            history.forget(device),
            recorder.flush().otherwiseEmpty())
        .mapEmpty();
  }

  private static void logRetry(String device, Throwable refused) {
    LOG.debug("Deletion of {} incomplete, will be retried: {}", device, refused.getMessage());
  }

  /** Processes all records once; never fails. */
  Future<Void> sweep() {
    return sweep(seen);
  }

  private Future<Void> sweep(long settledBefore) {
    if (!sweeping.compareAndSet(false, true)) {
      return Future.succeededFuture();
    }
    return sweep(0, settledBefore)
        .map(last -> seen = last)
        .<Void>mapEmpty()
        .otherwiseEmpty()
        .onComplete(swept -> sweeping.set(false));
  }

  /** Continues after that record; succeeds with the number of the last one. */
  private Future<Long> sweep(long number, long settledBefore) {
    return registry
        .deletions(number, PAGE_SIZE)
        .compose(
            some ->
                some.isEmpty()
                    ? Future.succeededFuture(number)
                    : each(some, settledBefore)
                        .compose(done -> sweep(some.getLast().number(), settledBefore)));
  }

  private Future<?> each(List<DeletionRecord> some, long settledBefore) {
    return Future.join(
            some.stream()
                .filter(one -> ownership.of(one.device()))
                .map(one -> sweep(one, settledBefore))
                .toList())
        .otherwiseEmpty();
  }

  private Future<Void> sweep(DeletionRecord deletion, long settledBefore) {
    String device = deletion.device();
    if (deletion.number() <= settledBefore) {
      return finish(device);
    }
    return deletion.settled()
        ? Future.succeededFuture()
        : operations.next(device, () -> ifDeleted(device, () -> settle(device)));
  }
}

package io.signalbox.hub.deletion;

import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.fleet.DeletionRecord;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.fleet.SessionRegistry;
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
 * Deletes a device everywhere. Its commands and its readings are kept by stores that share no
 * transaction with the registry, so the step that takes it out of the registry also keeps a {@link
 * DeletionRecord}: a record of what is still to be done.
 *
 * <ul>
 *   <li>The rest is done at once. What is refused is tried again in every {@link #sweep} and at the
 *       next start, until it is done.
 *   <li>While there is a record, the id cannot be registered again: whoever tries first waits for
 *       the rest to be done. So a device never inherits anything from a former one of its id.
 *   <li>The record goes in a later sweep, when readings that were on their way while the device was
 *       deleted have come to the store as well; they are removed with it.
 * </ul>
 *
 * <p>Threading: any thread; futures complete on any thread. What is done for one device is done one
 * after the other.
 */
public final class DeviceDeletion {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceDeletion.class);
  private static final long SWEEP_MS = 10_000;
  private static final int AT_A_TIME = 200;

  private final DeviceRegistry registry;
  private final SessionRegistry sessions;
  private final CommandService commands;
  private final HistoryService history;
  private final FlightRecorder recorder;
  private final DeviceOperationQueue turns = new DeviceOperationQueue();
  private final AtomicBoolean sweeping = new AtomicBoolean();

  /** Up to this number, records had been there when the last sweep was over. */
  private volatile long seen;

  /** Nothing is swept yet; the registry asks here before it registers an id again. */
  public DeviceDeletion(
      DeviceRegistry registry,
      SessionRegistry sessions,
      CommandService commands,
      HistoryService history,
      FlightRecorder recorder) {
    this.registry = registry;
    this.sessions = sessions;
    this.commands = commands;
    this.history = history;
    this.recorder = recorder;
    registry.beforeReuse(this::finish);
  }

  /** What a request to delete a device has come to. */
  public enum Outcome {
    /** Nothing is kept of the device. */
    DONE,
    /** The device is gone; what other stores keep of it is removed as soon as they take that. */
    PENDING
  }

  /** Takes up what the last run left; succeeds also if a store refuses, and then tries on. */
  public Future<Void> open(Vertx vertx) {
    // Nothing is on its way at a start: every record may go.
    return sweep(Long.MAX_VALUE).onSuccess(swept -> vertx.setPeriodic(SWEEP_MS, timer -> sweep()));
  }

  /**
   * Deletes a device. Once this has succeeded, it is out of the registry for good, whatever the
   * outcome. Repeated before all is done it goes on where it was; after that: {@code
   * UNKNOWN_DEVICE}. {@code UNAVAILABLE} if the registry refuses: nothing has happened then.
   */
  public Future<Outcome> delete(String device) {
    return turns.next(device, () -> deleteNow(device));
  }

  private Future<Outcome> deleteNow(String device) {
    AtomicBoolean gone = new AtomicBoolean();
    return commands
        .deleteDevice(
            device, () -> registry.delete(device).onSuccess(deleted -> leave(device, gone)))
        .transform(ended -> gone.get() ? outcome(settle(device)) : repeated(device, ended.cause()));
  }

  private void leave(String device, AtomicBoolean gone) {
    gone.set(true);
    sessions.forget(device);
  }

  private static Future<Outcome> outcome(Future<Void> settling) {
    return settling.map(Outcome.DONE).otherwise(Outcome.PENDING);
  }

  /** Whoever has heard of a failure and asks again is told what has become of it since. */
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

  /** Does what is left to do for a deleted device, so that its id can be registered again. */
  private Future<Void> finish(String device) {
    return turns.next(device, () -> ifDeleted(device, () -> clear(device)));
  }

  private Future<Void> ifDeleted(String device, Supplier<Future<Void>> step) {
    return registry
        .deletion(device)
        .compose(found -> found.isEmpty() ? Future.succeededFuture() : step.get());
  }

  /** Removes once more what may have come since, then the record. */
  private Future<Void> clear(String device) {
    return remove(device).compose(removed -> registry.deletionOver(device));
  }

  private Future<Void> settle(String device) {
    return remove(device)
        .compose(removed -> registry.deletionSettled(device))
        .onFailure(refused -> logReason(device, refused));
  }

  /**
   * Each is tried whether or not another is refused. Notes of the device are let go when the flight
   * recorder is written; that fails on a full disk, on which nobody can register the id either.
   */
  private Future<Void> remove(String device) {
    return Future.join(
            commands.deleteDevice(device, Future::succeededFuture),
            history.forget(device),
            recorder.flush().otherwiseEmpty())
        .mapEmpty();
  }

  private static void logReason(String device, Throwable refused) {
    LOG.debug("What is kept of {} cannot be removed yet: {}", device, refused.getMessage());
  }

  /** Goes through all records once; never fails. */
  Future<Void> sweep() {
    return sweep(seen);
  }

  private Future<Void> sweep(long settledBefore) {
    if (!sweeping.compareAndSet(false, true)) {
      return Future.succeededFuture();
    }
    return sweep(0, settledBefore)
        .onSuccess(last -> seen = last)
        .<Void>mapEmpty()
        .otherwiseEmpty()
        .onComplete(swept -> sweeping.set(false));
  }

  /** Goes on after that record; succeeds with the number of the last. */
  private Future<Long> sweep(long number, long settledBefore) {
    return registry
        .deletions(number, AT_A_TIME)
        .compose(
            some ->
                some.isEmpty()
                    ? Future.succeededFuture(number)
                    : each(some, settledBefore)
                        .compose(done -> sweep(some.getLast().number(), settledBefore)));
  }

  private Future<?> each(List<DeletionRecord> some, long settledBefore) {
    return Future.join(some.stream().map(one -> sweep(one, settledBefore)).toList())
        .otherwiseEmpty();
  }

  private Future<Void> sweep(DeletionRecord deletion, long settledBefore) {
    String device = deletion.device();
    if (deletion.number() <= settledBefore) {
      return finish(device);
    }
    return deletion.settled()
        ? Future.succeededFuture()
        : turns.next(device, () -> ifDeleted(device, () -> settle(device)));
  }
}

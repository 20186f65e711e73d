package io.signalbox.hub.store.sqlite.telemetry;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.store.sqlite.DiskReserve;
import io.signalbox.hub.store.sqlite.SqliteErrors;
import io.signalbox.hub.store.sqlite.StoreHealth;
import io.signalbox.hub.telemetry.BatchResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The store's single writer thread. It makes all waiting batches durable in one group commit, then
 * updates memory and completes the futures; between commits it compacts and prunes.
 *
 * <p>Threading: {@link #append}, {@link #forget} and {@link #close} can be called from any thread;
 * all else runs on the writer thread, where the futures complete too.
 */
final class TelemetryWriter {
  private static final int MOST_READINGS = 1 << 16;
  private static final long IDLE_MILLIS = 200;
  private static final long LOOK_NANOS = 10_000_000_000L;
  private static final long FIRST_LOOK_NANOS = 2_000_000_000L;
  private static final long ROOM_NANOS = 100_000_000L;

  private final GroupCommit groupCommit;
  private final JournalCompactor compactor;
  private final RetentionPruner pruner;
  private final TelemetrySettings settings;
  private final DiskReserve disk;
  private final SqliteErrors errors;
  private final StoreHealth health;
  private final TelemetryCounters counters;
  private final LinkedBlockingQueue<Work> queue = new LinkedBlockingQueue<>();
  private final Promise<Void> ended = Promise.promise();
  private final List<Append> group = new ArrayList<>();
  private volatile boolean closing;
  private volatile boolean over;
  private boolean tidies = true;
  private long lastLook = System.nanoTime() - LOOK_NANOS + FIRST_LOOK_NANOS;
  private long lastCommit = System.nanoTime() - TimeUnit.SECONDS.toNanos(1);

  /** An element of the queue. */
  sealed interface Work {}

  /** Readings to store. */
  record Append(TelemetryBatch batch, Promise<BatchResult> promise) implements Work {}

  /** A device whose readings to delete. */
  record Forget(String device, Promise<Void> promise) implements Work {}

  /** Ends the writer. */
  record Close() implements Work {}

  TelemetryWriter(
      GroupCommit groupCommit,
      JournalCompactor compactor,
      RetentionPruner pruner,
      TelemetrySettings settings,
      DiskReserve disk,
      TelemetryCounters counters) {
    this.disk = disk;
    this.groupCommit = groupCommit;
    this.pruner = pruner;
    this.compactor = compactor;
    this.settings = settings;
    this.counters = counters;
    errors = TelemetryFile.errors(disk);
    health = new StoreHealth("The telemetry store", "write", "readings", disk);
  }

  void start() {
    Thread thread = new Thread(this::run, "telemetry-writer");
    thread.setDaemon(true); // Acknowledged data is durable, so the process can end without waiting.
    thread.start();
  }

  Future<BatchResult> append(TelemetryBatch batch) {
    if (disk.isFull()) {
      counters.refused.add(batch.readings());
      disk.refusedReadings(batch.readings());
      return Future.failedFuture(disk.refusal());
    }
    long waiting = counters.waiting.addAndGet(batch.readings());
    boolean tooMany = waiting > settings.maxQueuedReadings() && waiting > batch.readings();
    if (closing || tooMany) {
      counters.waiting.addAndGet(-batch.readings());
      counters.refused.add(batch.readings());
      return Future.failedFuture(closing ? closed() : behind(waiting));
    }
    Promise<BatchResult> promise = Promise.promise();
    return enqueue(new Append(batch, promise), promise);
  }

  Future<Void> forget(String device) {
    Promise<Void> promise = Promise.promise();
    return enqueue(new Forget(device, promise), promise);
  }

  /** The current error, as part of a sentence; null while the store is healthy. */
  @Nullable String trouble() {
    return health.trouble();
  }

  Future<Void> close() {
    if (!closing) {
      closing = true;
      queue.add(new Close());
    }
    return ended.future();
  }

  private <T> Future<T> enqueue(Work work, Promise<T> promise) {
    queue.add(work);
    if (over && queue.remove(work)) {
      promise.tryFail(closed()); // Queued after the writer ended.
    }
    return promise.future();
  }

  private Refusal closed() {
    String trouble = health.trouble();
    return trouble == null ? errors.closed() : new Refusal(Refusal.ErrorCode.UNAVAILABLE, trouble);
  }

  private static Refusal behind(long waiting) {
    return new Refusal(
        Refusal.ErrorCode.UNAVAILABLE,
        "the telemetry store is behind: %d readings wait to be written".formatted(waiting));
  }

  private void run() {
    Work work = null;
    try {
      do {
        work = queue.poll(pruner.hasWork() ? 1 : IDLE_MILLIS, TimeUnit.MILLISECONDS);
        handle(work);
        tidy(work == null);
      } while (!(work instanceof Close));
      compactor.finish();
    } catch (SQLException | InterruptedException | RuntimeException | Error e) {
      health.stopped("the writer has stopped: " + TelemetryFile.describe(e));
    }
    closing = true;
    over = true;
    refuseTheRest();
    ended.complete();
  }

  private void handle(@Nullable Work work) {
    switch (work) {
      case Append append -> keep(append);
      case Forget forget -> forget(forget);
      case Close close -> {}
      case null -> {}
    }
  }

  private void keep(Append first) {
    awaitCommitInterval();
    group.add(first);
    int readings = first.batch().readings();
    while (readings < MOST_READINGS && queue.peek() instanceof Append) {
      Append next = (Append) queue.remove();
      group.add(next);
      readings += next.batch().readings();
    }
    lastCommit = System.nanoTime();
    commit(readings);
    group.clear();
  }

  /** Waits for the minimum time between commits, so that more batches share the next one. */
  private void awaitCommitInterval() {
    long left = lastCommit + settings.commitInterval().toNanos() - System.nanoTime();
    while (left > 0 && queue.size() < MOST_READINGS) {
      LockSupport.parkNanos(left);
      left = lastCommit + settings.commitInterval().toNanos() - System.nanoTime();
    }
  }

  private void commit(int readings) {
    try {
      // While chunks cannot be written, memory must not fill up with readings.
      if (!tidies) {
        compactor.tidy(System.nanoTime());
        tidies = true;
      }
      groupCommit.write(group);
      health.worked();
      answer(readings, null);
    } catch (SQLException | RuntimeException e) {
      counters.refused.add(readings);
      Throwable answer = failed(e, readings);
      if (disk.isFull()) {
        disk.refusedReadings(readings);
      }
      answer(readings, answer);
    }
  }

  /** Records a failure and its refused readings; returns the failure for the callers. */
  private Throwable failed(Exception failure, int readings) {
    Throwable answer = errors.answer(failure); // first: notices that the disk is full
    health.failed(TelemetryFile.describe(failure), readings);
    return answer;
  }

  private void answer(int readings, @Nullable Throwable failure) {
    counters.waiting.addAndGet(-readings);
    for (Append append : group) {
      answer(append.promise(), BatchResult.ALL_STORED, failure);
    }
  }

  private static <T> void answer(
      Promise<T> promise, @Nullable T success, @Nullable Throwable failure) {
    try {
      if (failure == null) {
        promise.complete(success);
      } else {
        promise.fail(failure);
      }
    } catch (RuntimeException e) {
      // An exception of a listener must not stop the store.
    }
  }

  private void forget(Forget forget) {
    try {
      pruner.forget(forget.device());
      answer(forget.promise(), null, null);
    } catch (SQLException | RuntimeException e) {
      answer(forget.promise(), null, failed(e, 0));
    }
  }

  private void tidy(boolean idle) {
    long now = System.nanoTime();
    try {
      if (disk.isFull()) {
        freeSpace(now);
      } else if (idle ? compactor.hasWork(1) || !tidies : compactor.isDue(now)) {
        compactor.tidy(now);
        tidies = true;
        health.worked();
      } else if (pruner.isDue(now)) {
        pruner.prune(now);
      } else if (idle && health.trouble() != null) {
        groupCommit.probe();
        health.worked();
      } else if (now - lastLook >= LOOK_NANOS) {
        lastLook = now;
        disk.check(0);
        if (health.trouble() == null) {
          health.worked();
        }
      }
    } catch (SQLException | RuntimeException e) {
      tidies = false;
      failed(e, 0);
    }
  }

  /** On a full disk: deletes expired data, compacts the journal, then returns free pages. */
  private void freeSpace(long now) throws SQLException {
    health.failed(disk.words(), 0);
    if (pruner.isDue(now)) {
      pruner.prune(now);
    } else if (!pruner.hasWork() && now - lastLook >= ROOM_NANOS) {
      lastLook = now;
      if (compactor.hasWork(1)) {
        compactor.tidy(now);
      }
      if (disk.check(compactor.giveBack())) {
        health.worked();
      }
    }
  }

  private void refuseTheRest() {
    // What an error has left open: every append is answered.
    group.forEach(append -> answer(append.promise(), BatchResult.ALL_STORED, closed()));
    for (Work work = queue.poll(); work != null; work = queue.poll()) {
      switch (work) {
        case Append append -> answer(append.promise(), BatchResult.ALL_STORED, closed());
        case Forget forget -> answer(forget.promise(), null, closed());
        case Close close -> {}
      }
    }
  }
}

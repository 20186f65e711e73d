package io.signalbox.hub.command;

import static io.signalbox.hub.store.Results.answer;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.IdempotencyKey.Claim;
import io.signalbox.hub.model.IdempotencyKey.FirstUse;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One process's access to its disk, as bad as the contract allows: it may be slow, so that answers
 * come when the schedule says so, and what is asked for is done before or after that; it may be
 * full. What a process that is killed was not answered has been done, or never will be.
 *
 * <p>Threading: one thread.
 */
final class FaultyCommandStore implements CommandStore {
  /** How it behaves at present. */
  enum Mode {
    WELL,
    SLOW,
    FULL
  }

  private final CommandDisk disk;
  private final ReferenceModel reference;
  private final Random random;
  private final List<Runnable> held = new ArrayList<>();
  private Mode mood = Mode.WELL;

  FaultyCommandStore(CommandDisk disk, ReferenceModel reference, Random random) {
    this.disk = disk;
    this.reference = reference;
    this.random = random;
  }

  void mood(Mode now) {
    mood = now;
  }

  /** Gives one of the answers that are held back, whichever; false if there is none. */
  boolean release() {
    if (held.isEmpty()) {
      return false;
    }
    held.remove(random.nextInt(held.size())).run();
    return true;
  }

  @Override
  public Future<AppendResult> append(long revision, List<Command> steps, @Nullable Claim claim) {
    reference.decided(steps);
    return changed(() -> write(revision, steps, claim));
  }

  private Future<AppendResult> write(long revision, List<Command> steps, @Nullable Claim claim) {
    return done(disk.commands().append(revision, steps, claim))
        .onSuccess(result -> written(steps, claim, result));
  }

  private void written(List<Command> steps, @Nullable Claim claim, AppendResult result) {
    if (result instanceof AppendResult.Appended) {
      reference.kept(steps, claim == null ? null : claim.key());
    }
  }

  @Override
  public Future<Void> moveDeadlines(ClockStep step) {
    return changed(() -> disk.commands().moveDeadlines(step));
  }

  /** Takes a device out of the registry. */
  Future<Void> delete(String device, long newestSession) {
    return changed(() -> remove(device, newestSession));
  }

  private Future<Void> remove(String device, long newestSession) {
    if (!reference.isRegistered(device)) {
      return Future.failedFuture(new Refusal(ErrorCode.UNKNOWN_DEVICE, "there is no " + device));
    }
    disk.delete(device);
    reference.deleted(device, newestSession);
    return Future.succeededFuture();
  }

  private <T> Future<T> changed(Supplier<Future<T>> change) {
    if (mood == Mode.SLOW && random.nextBoolean()) {
      Future<T> done = change.get();
      return later(() -> done);
    }
    return later(() -> mood == Mode.FULL ? full() : change.get());
  }

  private static <T> Future<T> full() {
    return Future.failedFuture(new Refusal(ErrorCode.UNAVAILABLE, "the disk is full"));
  }

  /** A read sees what is there when it is asked for, or later. */
  private <T> Future<T> read(Supplier<Future<T>> query) {
    if (random.nextBoolean()) {
      return later(() -> done(query.get()));
    }
    Future<T> seen = done(query.get());
    return later(() -> seen);
  }

  private <T> Future<T> later(Supplier<Future<T>> call) {
    if (mood != Mode.SLOW) {
      return call.get();
    }
    Promise<T> promise = Promise.promise();
    held.add(() -> call.get().onComplete(promise));
    return promise.future();
  }

  private static <T> Future<T> done(Future<T> future) {
    answer(future.transform(outcome -> Future.succeededFuture(true)));
    return future;
  }

  @Override
  public Future<Optional<Command>> get(String id) {
    return read(() -> disk.commands().get(id));
  }

  @Override
  public Future<QueueSnapshot> unfinished(String device) {
    return read(() -> disk.commands().unfinished(device));
  }

  @Override
  public Future<Optional<FirstUse>> original(String device, String key, long since) {
    return read(() -> disk.commands().original(device, key, since));
  }

  @Override
  public Future<List<String>> awaitingAnswer(String after, int limit) {
    return read(() -> disk.commands().awaitingAnswer(after, limit));
  }

  @Override
  public Future<List<String>> orphaned(int limit) {
    return read(() -> disk.commands().orphaned(limit));
  }

  @Override
  public Future<List<String>> due(long now, int limit) {
    return read(() -> disk.commands().due(now, limit));
  }

  @Override
  public Future<Page<Command>> list(CommandQuery query) {
    return read(() -> disk.commands().list(query));
  }

  @Override
  public Future<Integer> trim(long endedBefore, int limit) {
    return Future.succeededFuture(0);
  }
}

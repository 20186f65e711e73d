package io.signalbox.hub.command;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.IdempotencyKey.Claim;
import io.signalbox.hub.model.IdempotencyKey.FirstUse;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A store with a disk that can be full: then it refuses writes and still answers reads. */
public record FullDiskStore(CommandStore store, AtomicBoolean full) implements CommandStore {
  @Override
  public Future<AppendResult> append(long revision, List<Command> steps, @Nullable Claim claim) {
    return full.get()
        ? Future.failedFuture(new Refusal(Refusal.ErrorCode.UNAVAILABLE, "the disk is full"))
        : store.append(revision, steps, claim);
  }

  @Override
  public Future<Void> moveDeadlines(ClockStep step) {
    return full.get()
        ? Future.failedFuture(new Refusal(Refusal.ErrorCode.UNAVAILABLE, "the disk is full"))
        : store.moveDeadlines(step);
  }

  @Override
  public Future<Optional<Command>> get(String id) {
    return store.get(id);
  }

  @Override
  public Future<QueueSnapshot> unfinished(String device) {
    return store.unfinished(device);
  }

  @Override
  public Future<Optional<FirstUse>> original(String device, String key, long since) {
    return store.original(device, key, since);
  }

  @Override
  public Future<List<String>> awaitingAnswer(String after, int limit) {
    return store.awaitingAnswer(after, limit);
  }

  @Override
  public Future<List<String>> orphaned(int limit) {
    return store.orphaned(limit);
  }

  @Override
  public Future<List<String>> due(long now, int limit) {
    return store.due(now, limit);
  }

  @Override
  public Future<Page<Command>> list(CommandQuery query) {
    return store.list(query);
  }

  @Override
  public Future<Integer> trim(long endedBefore, int limit) {
    return store.trim(endedBefore, limit);
  }
}

package io.signalbox.hub.command;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.IdempotencyKey;
import io.signalbox.hub.model.IdempotencyKey.Claim;
import io.signalbox.hub.model.IdempotencyKey.FirstUse;
import io.vertx.core.Future;

/**
 * A request for a command with an idempotency key: a repetition is answered with the command of the
 * first request.
 *
 * <p>Threading: tasks of the engine.
 */
final class IdempotentRequest {
  private final String device;
  private final CommandEngine engine;
  private final Claim claim;

  IdempotentRequest(String device, CommandEngine engine, IdempotencyKey key) {
    this.device = device;
    this.engine = engine;
    this.claim = new Claim(key, engine.since(IdempotencyKey.VALIDITY));
  }

  /** What the store checks when it appends the new command. */
  Claim claim() {
    return claim;
  }

  /** The command of the transaction with that id, or else of the first request. */
  Future<Command> answer(MailboxTransaction transaction, String made) {
    FirstUse first = transaction.firstUse();
    return first == null ? Future.succeededFuture(transaction.find(made)) : madeBy(first);
  }

  /** The command of the first request. {@code CONFLICT} if that was another request. */
  private Future<Command> madeBy(FirstUse first) {
    return engine.get(claim.key().createdBy(first, "command"));
  }

  /**
   * The command of the first request, if there was one, otherwise the refusal: a repetition is
   * answered even if the queue or the disk is full by now.
   */
  Future<Command> orElse(Throwable refusal) {
    return engine
        .resume(engine.store().original(device, claim.key().key(), claim.since()))
        .recover(unreadable -> Future.failedFuture(refusal))
        .compose(first -> first.isPresent() ? madeBy(first.get()) : Future.failedFuture(refusal));
  }
}

package io.signalbox.hub.command;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cache of a device's unfinished commands: read when they are needed, changed by transactions, each
 * of which is durable before it is published.
 *
 * <p>Threading: tasks of the engine; the mailbox runs one transaction at a time.
 */
final class UnfinishedCommands {
  static final long UNKNOWN = -1;

  private final String device;
  private final CommandEngine engine;
  private final DeliveryState deliveryState;
  private long nextDue = UNKNOWN;

  /** The device was deleted, and its commands are not ended yet. */
  private boolean pendingDeletion;

  /** The stored commands; null if they must be read. */
  private @Nullable List<Command> unfinished;

  UnfinishedCommands(String device, CommandEngine engine, DeliveryState deliveryState) {
    this.device = device;
    this.engine = engine;
    this.deliveryState = deliveryState;
  }

  /** Marks the device as deleted: its commands end in the next transaction. */
  void markDeleted() {
    pendingDeletion = true;
    deliveryState.deviceDeleted();
  }

  /** Whether the device was deleted, but its commands could not be ended yet. */
  boolean hasPendingDeletion() {
    return pendingDeletion;
  }

  /** Drops the cached commands. */
  void forget() {
    unfinished = null;
    nextDue = UNKNOWN;
  }

  /**
   * The next time with something to do (Unix milliseconds), {@code Long.MAX_VALUE} if never; {@link
   * #UNKNOWN} before the first transaction, and when the commands must be read again.
   */
  long nextDue() {
    return nextDue;
  }

  /** The stored command, if it is cached and unfinished. */
  @Nullable Command cached(String id) {
    List<Command> known = unfinished == null ? List.of() : unfinished;
    return known.stream().filter(command -> command.id().equals(id)).findFirst().orElse(null);
  }

  /** The stored unfinished commands, oldest first. */
  Future<List<Command>> unfinished() {
    List<Command> present = unfinished;
    return present != null
        ? Future.succeededFuture(present)
        : engine
            .resume(engine.engineContext().store().unfinished(device))
            .map(read -> unfinished = read);
  }

  /** A transaction with only the effects of time and sessions. */
  Future<Void> reconcile() {
    return apply(turn -> {}).mapEmpty();
  }

  /** Runs a transaction. */
  Future<QueueTransaction> apply(Consumer<QueueTransaction> task) {
    return unfinished().compose(known -> apply(known, task, null));
  }

  /** Runs a transaction: expiry, the task, then what follows; durable before it is published. */
  Future<QueueTransaction> apply(
      List<Command> known,
      Consumer<QueueTransaction> task,
      CommandStore.@Nullable IdempotencyKey token) {
    QueueTransaction turn = begun(known);
    try {
      task.accept(turn);
      turn.settle();
    } catch (Refusal refusal) {
      return refused(known, refusal);
    }
    return write(turn, token);
  }

  /** A refusal may depend on an expiry in this transaction, which must be durable first. */
  private Future<QueueTransaction> refused(List<Command> known, Refusal refusal) {
    return write(begun(known), null).compose(written -> Future.failedFuture(refusal));
  }

  private QueueTransaction begun(List<Command> known) {
    QueueTransaction turn = new QueueTransaction(known, context());
    turn.expire();
    if (pendingDeletion) {
      turn.fireForAll(new CommandTrigger.DeviceDeleted());
    }
    turn.requeueLost();
    turn.settle();
    return turn;
  }

  private QueueTransaction.TransactionContext context() {
    EngineContext engineContext = engine.engineContext();
    Long expected = engineContext.expected().apply(device);
    return new QueueTransaction.TransactionContext(
        engineContext.node(), engine.now(), deliveryState, expected, engineContext.settings());
  }

  private Future<QueueTransaction> write(
      QueueTransaction turn, CommandStore.@Nullable IdempotencyKey token) {
    List<Command> steps = turn.steps();
    Future<Void> written =
        steps.isEmpty()
            ? Future.succeededFuture()
            : engine.resume(engine.engineContext().store().append(steps, token));
    return written.map(durable -> completed(turn)).onFailure(notWritten -> unfinished = null);
  }

  /** The steps are durable: from here on they may be published and delivered. */
  private QueueTransaction completed(QueueTransaction turn) {
    turn.steps().forEach(engine::publish);
    pendingDeletion = false;
    unfinished = turn.unfinished();
    nextDue = turn.nextDue();
    deliveryState.isUpToDate();
    deliveryState.deliver(turn.handedOut());
    return turn;
  }
}

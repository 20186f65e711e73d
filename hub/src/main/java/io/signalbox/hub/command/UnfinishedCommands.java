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

  /** The device was deleted, and what was for it is still to be ended. */
  private boolean pendingDeletion;

  /** As they are kept; null when that has to be read. */
  private @Nullable List<Command> unfinished;

  UnfinishedCommands(String device, CommandEngine engine, DeliveryState deliveryState) {
    this.device = device;
    this.engine = engine;
    this.deliveryState = deliveryState;
  }

  /** The device is no more: what is here for it ends in the next turn. */
  void markDeleted() {
    pendingDeletion = true;
    deliveryState.deviceDeleted();
  }

  /** Whether the device was deleted, but its commands could not be ended yet. */
  boolean hasPendingDeletion() {
    return pendingDeletion;
  }

  /** Reads again what is kept when it is needed. */
  void forget() {
    unfinished = null;
    nextDue = UNKNOWN;
  }

  /**
   * When there is something to do (ms), {@code Long.MAX_VALUE} if never; {@link #UNKNOWN} before
   * the first turn, and when what is kept has to be read again.
   */
  long nextDue() {
    return nextDue;
  }

  /** The command as it is kept, if that is in memory and not over. */
  @Nullable Command cached(String id) {
    List<Command> known = unfinished == null ? List.of() : unfinished;
    return known.stream().filter(command -> command.id().equals(id)).findFirst().orElse(null);
  }

  /** The commands that are not over, as they are kept, oldest first. */
  Future<List<Command>> unfinished() {
    List<Command> present = unfinished;
    return present != null
        ? Future.succeededFuture(present)
        : engine
            .resume(engine.engineContext().store().unfinished(device))
            .map(read -> unfinished = read);
  }

  /** One turn with nothing in it but what time and sessions bring about. */
  Future<Void> reconcile() {
    return apply(turn -> {}).mapEmpty();
  }

  /** One turn. */
  Future<QueueTransaction> apply(Consumer<QueueTransaction> task) {
    return unfinished().compose(known -> apply(known, task, null));
  }

  /** One turn: what is overdue, the deed, what follows; durable before anybody hears of it. */
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

  /** A refusal may tell of what this turn has found out, that time is over: durable first, too. */
  private Future<QueueTransaction> refused(List<Command> known, Refusal refusal) {
    return write(begun(known), null).compose(written -> Future.failedFuture(refusal));
  }

  private QueueTransaction begun(List<Command> known) {
    QueueTransaction turn = new QueueTransaction(known, scene());
    turn.expire();
    if (pendingDeletion) {
      turn.fireForAll(new CommandTrigger.DeviceDeleted());
    }
    turn.requeueLost();
    turn.settle();
    return turn;
  }

  private QueueTransaction.TransactionContext scene() {
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

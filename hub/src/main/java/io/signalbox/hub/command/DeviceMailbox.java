package io.signalbox.hub.command;

import io.signalbox.hub.bus.OptimisticRetry;
import io.signalbox.hub.bus.OptimisticRetry.StaleReadException;
import io.signalbox.hub.bus.SerialQueue;
import io.signalbox.hub.command.CommandStore.AppendResult;
import io.signalbox.hub.command.CommandStore.QueueSnapshot;
import io.signalbox.hub.command.DeliveryState.DeliveryMode;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.IdempotencyKey;
import io.signalbox.hub.model.IdempotencyKey.Claim;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.SessionEnd;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Mailbox of a device: its unfinished commands, and all operations on them, one at a time. The next
 * operation starts when the steps of the previous one are durable or refused, so every decision is
 * based on stored state, and a result can never precede its {@code SENT}. Exists while the device
 * has a session or work is pending; its commands are in memory only for that time.
 *
 * <p>An operation changes commands in a {@link MailboxTransaction}, whose steps are published and
 * delivered when they are durable. The store refuses steps that are based on an old revision of the
 * queue, because another node has changed it: then the operation runs again on what the store has.
 *
 * <p>Threading: tasks of the engine.
 */
final class DeviceMailbox {
  static final long UNKNOWN = -1;
  private static final int MOST_PENDING = 256;

  /** Number of times that an operation runs while other nodes change the queue. */
  static final int MAX_ATTEMPTS = 16;

  private final String device;
  private final CommandEngine engine;
  private final CommandSettings settings;
  private final String node;
  private final SessionLookup sessions;
  private final SerialQueue operations =
      new SerialQueue(MOST_PENDING, "too many concurrent requests for one device");
  private final DeliveryState deliveryState;

  /** The stored unfinished commands, oldest first; null if they must be read. */
  private @Nullable List<Command> unfinished;

  /** Revision of the stored queue, if it is in memory. */
  private long revision;

  private long nextDue = UNKNOWN;

  /** The device was deleted, and its commands are not ended yet. */
  private boolean pendingDeletion;

  /**
   * An idle mailbox.
   *
   * @param node name of this node, for timelines
   */
  DeviceMailbox(
      String device,
      CommandEngine engine,
      CommandSettings settings,
      String node,
      SessionLookup sessions) {
    this.device = device;
    this.engine = engine;
    this.settings = settings;
    this.node = node;
    this.sessions = sessions;
    this.deliveryState = new DeliveryState(device, sessions.elsewhere());
  }

  String device() {
    return device;
  }

  /** Whether it is idle and without session, so that it can be removed. */
  boolean isIdle() {
    return operations.isIdle() && deliveryState.session() == null && !pendingDeletion;
  }

  /** Whether a deletion or a session change is not reconciled in the store yet. */
  boolean isUnsettled() {
    return pendingDeletion || deliveryState.needsReconcile();
  }

  /** Drops the cached commands because the store has changed; they are read again on demand. */
  void forget() {
    unfinished = null;
    nextDue = UNKNOWN;
  }

  /** The stored command, if it is cached and unfinished. */
  @Nullable Command cached(String id) {
    List<Command> known = unfinished == null ? List.of() : unfinished;
    return known.stream().filter(command -> command.id().equals(id)).findFirst().orElse(null);
  }

  /**
   * The next time with something to do (Unix milliseconds), {@code Long.MAX_VALUE} if never; {@link
   * #UNKNOWN} before the first transaction, and when the commands must be read again.
   */
  long nextDue() {
    return nextDue;
  }

  /** Succeeds when all earlier operations are finished. */
  Future<Void> awaitIdle() {
    return operations.awaitIdle();
  }

  // ---- Operations.

  /** Creates a command; a repeated request gets the command of the first one. */
  Future<Command> submit(CommandRequest.Validated command, String by) {
    return operations.request(() -> make(command, by));
  }

  /** Cancels a queued command. */
  Future<Command> cancel(String id, CommandTrigger.Cancelled trigger) {
    return operations.request(() -> fire(id, trigger));
  }

  /** Accepts a device's answer. */
  Future<Command> answer(CommandTrigger.Answered answer) {
    return operations.request(() -> answered(answer));
  }

  /**
   * Deletes the device and ends its unfinished commands in one operation: no command for a later
   * device with the id comes in between, and nothing is delivered to the former session.
   */
  Future<Void> deleteDevice(Supplier<Future<Void>> deletion) {
    return operations.next(
        () ->
            (pendingDeletion ? reconcile() : Future.<Void>succeededFuture())
                .compose(ended -> engine.resume(deletion.get()))
                .compose(deleted -> endAll()));
  }

  /** Reconciles the commands with time and sessions. */
  Future<Void> settle() {
    return operations.next(this::reconcile);
  }

  /** Another node has changed a command: the same for the queue as it is now. */
  Future<Void> changedElsewhere() {
    return operations.next(
        () -> deliveryState.session() == null ? Future.succeededFuture() : readAgain());
  }

  /** Attaches a session: queued commands are delivered to it, then new ones. */
  Future<Void> attach(Session arrived, DeliveryMode.Push mode) {
    return operations.next(() -> arrive(arrived, mode));
  }

  /** Detaches a session: its unanswered commands are queued again. */
  Future<Void> detach(Session gone, SessionEnd end) {
    return operations.next(() -> leave(gone, end));
  }

  /** Holds a poll until commands are due. */
  Future<Void> awaitCommands(Session arrived, DeliveryMode.Pull mode) {
    return operations.request(() -> hold(arrived, mode));
  }

  /** Fetches due commands. */
  Future<List<Command>> fetch(Session arrived, int most, Duration lease, Receipt receipt) {
    List<Command> given = new ArrayList<>();
    PollCommandSink poll = given::addAll;
    Future<Void> held = awaitCommands(arrived, new DeliveryMode.Pull(poll, most, lease, receipt));
    return cancelPoll(poll).compose(released -> held).map(done -> given);
  }

  /** Ends a poll after all its deliveries. */
  Future<Void> cancelPoll(PollCommandSink poll) {
    return operations.next(
        () -> {
          deliveryState.closePoll(poll);
          return Future.succeededFuture();
        });
  }

  /** Requeues commands that a poll of the session did not receive. */
  Future<Void> returnUndelivered(Session from, List<Command> given) {
    return operations.next(
        () -> transact(transaction -> transaction.returnUndelivered(from, given)));
  }

  /** The backlog after all earlier operations. */
  Future<Backlog> backlog() {
    return operations.next(() -> queue().map(it -> Backlog.of(it.commands(), engine.now())));
  }

  private Future<Void> arrive(Session arrived, DeliveryMode in) {
    deliveryState.sessionArrived(arrived, in, engine.now());
    return reconcile();
  }

  private Future<Void> leave(Session gone, SessionEnd end) {
    deliveryState.sessionLeft(gone, end);
    return reconcile();
  }

  /** A failed poll is repeated by the device; until then no commands may go to the previous one. */
  private Future<Void> hold(Session arrived, DeliveryMode.Pull mode) {
    return deliveryState.hasNewerThan(arrived)
        ? Future.failedFuture(replaced())
        : arrive(arrived, mode).onFailure(refused -> deliveryState.closePoll(mode.poll()));
  }

  private Future<Command> answered(CommandTrigger.Answered answer) {
    return answer.inSession() && deliveryState.hasNewerThan(answer.session())
        ? Future.failedFuture(replaced())
        : fire(answer.result().id(), answer);
  }

  private Refusal replaced() {
    return new Refusal(ErrorCode.CONFLICT, "a newer session of " + device + " is present");
  }

  private Future<Command> make(CommandRequest.Validated command, String by) {
    IdempotencyKey key = command.idempotencyKey();
    IdempotentRequest request = key == null ? null : new IdempotentRequest(device, engine, key);
    Refusal misfit = command.misfit();
    Future<Command> made =
        misfit != null
            ? Future.failedFuture(misfit)
            : onQueue(known -> make(known, command, by, request));
    return request == null ? made : made.recover(request::orElse);
  }

  /** The time to live starts when the operation runs, not when it was requested. */
  private Future<Command> make(
      QueueSnapshot known,
      CommandRequest.Validated command,
      String by,
      @Nullable IdempotentRequest keyed) {
    long now = engine.now();
    Step first = new Step(State.QUEUED, now, node, null, null, by, null);
    Long arrival = deliveryState.isOpen() ? (Long) now : sessions.plannedContact().apply(device);
    Command made = command.command(engine.nextId(device), device, arrival, first);
    Claim claim = keyed == null ? null : keyed.claim();
    Future<MailboxTransaction> done = transact(known, change -> change.add(made), claim);
    return keyed == null
        ? done.map(transaction -> transaction.find(made.id()))
        : done.compose(transaction -> keyed.answer(transaction, made.id()));
  }

  /** Another node may have changed what is in memory: only the store's queue refuses a trigger. */
  private Future<Command> fire(String id, CommandTrigger trigger) {
    boolean remembered = unfinished != null;
    Future<Command> fired =
        onQueue(known -> cached(id) == null ? refuse(id, trigger) : fire(known, id, trigger));
    return remembered ? fired.recover(refused -> fireAgain(id, trigger)) : fired;
  }

  private Future<Command> fireAgain(String id, CommandTrigger trigger) {
    forget();
    return fire(id, trigger);
  }

  private Future<Command> fire(QueueSnapshot known, String id, CommandTrigger trigger) {
    return transact(known, transaction -> transaction.fire(id, trigger), null)
        .map(transaction -> transaction.find(id));
  }

  /** The command is final or of another device: the store has the answer. */
  private Future<Command> refuse(String id, CommandTrigger trigger) {
    return engine
        .get(id)
        .compose(
            command -> Future.failedFuture(CommandStateMachine.refusal(command, trigger, device)));
  }

  /** The deletion has changed the revision of the queue. */
  private Future<Void> endAll() {
    pendingDeletion = true;
    deliveryState.deviceDeleted();
    return readAgain();
  }

  private Future<Void> readAgain() {
    forget();
    return reconcile();
  }

  // ---- Transactions.

  private Future<QueueSnapshot> queue() {
    List<Command> present = unfinished;
    return present != null
        ? Future.succeededFuture(new QueueSnapshot(present, revision))
        : engine.resume(engine.store().unfinished(device)).onSuccess(this::keep);
  }

  private void keep(QueueSnapshot queue) {
    unfinished = queue.commands();
    revision = queue.revision();
  }

  /** Runs an operation on the queue, again from its beginning if another node has changed that. */
  private <T> Future<T> onQueue(Function<QueueSnapshot, Future<T>> operation) {
    return OptimisticRetry.run(
        MAX_ATTEMPTS, () -> queue().compose(operation), DeviceMailbox::contended);
  }

  private static Refusal contended() {
    return new Refusal(
        ErrorCode.UNAVAILABLE, "other nodes change the commands of the device all the time");
  }

  /**
   * A transaction with only the effects of time and sessions. Succeeds only if the store accepts
   * it, so that state is consistent after a full disk.
   */
  private Future<Void> reconcile() {
    return transact(transaction -> {});
  }

  private Future<Void> transact(Consumer<MailboxTransaction> task) {
    return onQueue(known -> transact(known, task, null)).mapEmpty();
  }

  /** Runs a transaction: expiry, the task, then what follows; durable before it is published. */
  private Future<MailboxTransaction> transact(
      QueueSnapshot known, Consumer<MailboxTransaction> task, @Nullable Claim claim) {
    MailboxTransaction transaction = begun(known);
    try {
      task.accept(transaction);
      transaction.settle();
    } catch (Refusal refusal) {
      // It may depend on an expiry in this transaction, which must be durable first.
      return write(known, begun(known), null).compose(written -> Future.failedFuture(refusal));
    }
    return write(known, transaction, claim);
  }

  private MailboxTransaction begun(QueueSnapshot known) {
    MailboxTransaction transaction =
        new MailboxTransaction(
            known.commands(),
            deliveryState,
            settings,
            node,
            engine.now(),
            sessions.plannedContact().apply(device));
    transaction.begin(pendingDeletion);
    return transaction;
  }

  private Future<MailboxTransaction> write(
      QueueSnapshot known, MailboxTransaction transaction, @Nullable Claim claim) {
    List<Command> steps = transaction.steps();
    return steps.isEmpty()
        ? Future.succeededFuture(completed(transaction, known.revision()))
        : engine
            .resume(engine.store().append(known.revision(), steps, claim))
            .compose(result -> written(transaction, result), this::notWritten);
  }

  private Future<MailboxTransaction> written(MailboxTransaction transaction, AppendResult result) {
    return switch (result) {
      case AppendResult.Appended appended ->
          Future.succeededFuture(completed(transaction, appended.revision()));
      case AppendResult.AlreadyMade made -> Future.succeededFuture(transaction.repeats(made));
      case AppendResult.Conflict conflict -> notWritten(new StaleReadException());
    };
  }

  private Future<MailboxTransaction> notWritten(Throwable why) {
    unfinished = null;
    return Future.failedFuture(why);
  }

  /** The steps are durable: from here on they may be published and delivered. */
  private MailboxTransaction completed(MailboxTransaction transaction, long durable) {
    transaction.steps().forEach(engine::publish);
    pendingDeletion = false;
    unfinished = transaction.unfinished();
    revision = durable;
    nextDue = transaction.nextDue();
    deliveryState.isUpToDate();
    deliveryState.deliver(transaction.toDeliver());
    return transaction;
  }
}

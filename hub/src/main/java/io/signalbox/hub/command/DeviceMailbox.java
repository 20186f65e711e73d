package io.signalbox.hub.command;

import io.signalbox.hub.bus.SerialQueue;
import io.signalbox.hub.command.DeliveryState.DeliveryMode;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Mailbox of a device: serialises all operations on its commands. The next operation starts when
 * the steps of the previous one are durable or refused, so every decision is based on stored state,
 * and a result can never precede its {@code SENT}. Exists while the device has a session or work is
 * pending; its commands are in memory only for that time.
 *
 * <p>Threading: tasks of the engine.
 */
final class DeviceMailbox {
  private static final int MOST_PENDING = 256;
  private static final Duration REPEATABLE = Duration.ofHours(24);

  private final String device;
  private final CommandEngine engine;
  private final SerialQueue queue =
      new SerialQueue(MOST_PENDING, "too many concurrent requests for one device");
  private final DeliveryState deliveryState;
  private final UnfinishedCommands unfinishedCommands;

  DeviceMailbox(String device, CommandEngine engine) {
    this.device = device;
    this.engine = engine;
    this.deliveryState = new DeliveryState(device);
    this.unfinishedCommands = new UnfinishedCommands(device, engine, deliveryState);
  }

  String device() {
    return device;
  }

  /** Whether it is idle and without session, so that it can be removed. */
  boolean isIdle() {
    return queue.isIdle()
        && deliveryState.session() == null
        && !unfinishedCommands.hasPendingDeletion();
  }

  /** Whether the device was deleted, but its commands could not be ended yet. */
  boolean hasPendingDeletion() {
    return unfinishedCommands.hasPendingDeletion();
  }

  /** Whether a session change is not reconciled in the store yet. */
  boolean needsReconcile() {
    return deliveryState.needsReconcile();
  }

  /** Drops cached commands because the store has changed; they are read again on demand. */
  void forget() {
    unfinishedCommands.forget();
  }

  /** The stored command, if it is cached and unfinished. */
  @Nullable Command cached(String id) {
    return unfinishedCommands.cached(id);
  }

  /** As {@link UnfinishedCommands#nextDue}. */
  long nextDue() {
    return unfinishedCommands.nextDue();
  }

  /** Succeeds when all earlier operations are finished. */
  Future<Void> awaitIdle() {
    return queue.awaitIdle();
  }

  /** Creates a command; a repeated request gets the command of the first one. */
  Future<Command> submit(CommandRequest.Validated command, String by) {
    return queue.request(
        () ->
            repeated(command)
                .compose(first -> first.isPresent() ? engine.get(first.get()) : make(command, by)));
  }

  /** Cancels a queued command. */
  Future<Command> cancel(String id, CommandTrigger.Cancelled what) {
    return queue.request(() -> fire(id, what));
  }

  /** Accepts a device's answer. */
  Future<Command> answer(Session from, CommandResult result) {
    return queue.request(() -> answered(from, result));
  }

  /**
   * Deletes the device and ends its unfinished commands in one operation: no command for a later
   * device with the id comes in between, and nothing is delivered to the former session.
   */
  Future<Void> deleteDevice(Supplier<Future<Void>> deletion) {
    return queue.next(
        () ->
            (hasPendingDeletion() ? reconcile() : Future.<Void>succeededFuture())
                .compose(ended -> engine.resume(deletion.get()))
                .compose(deleted -> markDeleted()));
  }

  private Future<Void> markDeleted() {
    unfinishedCommands.markDeleted();
    return reconcile();
  }

  /** Reconciles the commands with time and sessions. */
  Future<Void> settle() {
    return queue.next(this::reconcile);
  }

  /** Attaches a session: queued commands are delivered to it, then new ones. */
  Future<Void> attach(Session arrived, DeliveryMode.Push mode) {
    return queue.next(() -> arrive(arrived, mode));
  }

  /** Holds a poll until commands are due. */
  Future<Void> awaitCommands(Session arrived, DeliveryMode.Pull mode) {
    return queue.request(() -> awaitCommands(arrived, mode.poll(), mode));
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
    return queue.next(
        () -> {
          deliveryState.closePoll(poll);
          return Future.succeededFuture();
        });
  }

  /** The backlog after all earlier operations. */
  Future<Backlog> backlog() {
    return queue.next(
        () -> unfinishedCommands.unfinished().map(known -> Backlog.of(known, engine.now())));
  }

  /** Requeues commands that a poll of the session did not receive. */
  Future<Void> returnUndelivered(Session from, List<Command> given) {
    return queue.next(() -> returned(from, given));
  }

  /** Detaches a session: its unanswered commands are queued again. */
  Future<Void> detach(Session gone, String reason) {
    return queue.next(() -> leave(gone, reason));
  }

  private Future<Void> arrive(Session arrived, DeliveryMode in) {
    deliveryState.sessionArrived(arrived, in, engine.now());
    return reconcile();
  }

  private Future<Void> leave(Session gone, String reason) {
    deliveryState.sessionLeft(gone, reason);
    return reconcile();
  }

  /** A failed poll is repeated by the device; until then no commands may go to the previous one. */
  private Future<Void> awaitCommands(Session arrived, PollCommandSink poll, DeliveryMode mode) {
    return deliveryState.hasNewerThan(arrived)
        ? Future.failedFuture(replaced())
        : arrive(arrived, mode).onFailure(refused -> deliveryState.closePoll(poll));
  }

  private Future<Void> returned(Session from, List<Command> given) {
    return unfinishedCommands.apply(turn -> turn.returnUndelivered(from, given)).mapEmpty();
  }

  /** Succeeds only if the store accepts it, so that state is consistent after a full disk. */
  private Future<Void> reconcile() {
    return unfinishedCommands.reconcile();
  }

  /**
   * The id of the command of an earlier identical request; refuses another request with its key.
   */
  private Future<Optional<String>> repeated(CommandRequest.Validated command) {
    CommandStore.IdempotencyKey token = command.token();
    return token == null
        ? Future.succeededFuture(Optional.empty())
        : engine
            .resume(store().original(device, token.key(), engine.since(REPEATABLE)))
            .map(original -> original.map(first -> sameAs(first, token)));
  }

  private static String sameAs(CommandStore.FirstUse first, CommandStore.IdempotencyKey token) {
    if (!first.fingerprint().equals(token.fingerprint())) {
      throw new Refusal(
          ErrorCode.CONFLICT,
          "Idempotency-Key",
          "Idempotency-Key was used for another request, which created command " + first.id());
    }
    return first.id();
  }

  private Future<Command> make(CommandRequest.Validated command, String by) {
    return unfinishedCommands.unfinished().compose(known -> make(known, command, by));
  }

  /** The time to live starts when the operation runs, not when it was requested. */
  private Future<Command> make(List<Command> known, CommandRequest.Validated command, String by) {
    long now = engine.now();
    Step first = new Step(State.QUEUED, now, engine.engineContext().node(), null, null, by, null);
    Long expected =
        deliveryState.isOpen() ? (Long) now : engine.engineContext().expected().apply(device);
    Command made = command.command(engine.nextId(), device, expected, first);
    return unfinishedCommands
        .apply(known, turn -> turn.add(made), command.token())
        .map(turn -> turn.find(made.id()));
  }

  private Future<Command> fire(String id, CommandTrigger what) {
    return unfinishedCommands
        .unfinished()
        .compose(known -> has(known, id) ? apply(known, id, what) : complete(id, what));
  }

  private Future<Command> apply(List<Command> known, String id, CommandTrigger what) {
    return unfinishedCommands
        .apply(known, turn -> turn.fire(id, what), null)
        .map(turn -> turn.find(id));
  }

  /** The command is final or of another device: the store has the answer. */
  private Future<Command> complete(String id, CommandTrigger what) {
    return engine.get(id).map(command -> refuse(command, what));
  }

  private Command refuse(Command command, CommandTrigger what) {
    boolean ours = command.device().equals(device);
    if (ours
        && CommandStateMachine.next(command, what)
            instanceof CommandStateMachine.Transition.Reject no) {
      throw no.refusal();
    }
    throw CommandEngine.unknown(command.id());
  }

  private Future<Command> answered(Session from, CommandResult result) {
    if (deliveryState.hasNewerThan(from)) {
      return Future.failedFuture(replaced());
    }
    return fire(result.id(), new CommandTrigger.Answered(from, result));
  }

  private CommandStore store() {
    return engine.engineContext().store();
  }

  private Refusal replaced() {
    return new Refusal(ErrorCode.CONFLICT, "a newer session of " + device + " is present");
  }

  private static boolean has(List<Command> commands, String id) {
    return commands.stream().anyMatch(command -> command.id().equals(id));
  }
}

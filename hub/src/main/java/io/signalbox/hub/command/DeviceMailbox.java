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
 * One device's commands. It takes one turn after the other: the next begins when the steps of the
 * one before are durable or have been refused, so what is decided is decided on what is kept, and a
 * result can never precede its {@code SENT}. Lives as long as the device has a session or something
 * is to be done; its commands are in memory only for that time.
 *
 * <p>Threading: the room's thread.
 */
final class DeviceMailbox {
  private static final int MOST_PENDING = 256;
  private static final Duration REPEATABLE = Duration.ofHours(24);

  private final String device;
  private final CommandEngine engine;
  private final SerialQueue queue =
      new SerialQueue(MOST_PENDING, "too many requests for one device at a time");
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

  /** Whether nothing is to be done and nobody is here: it can be let go of. */
  boolean isIdle() {
    return queue.isIdle()
        && deliveryState.session() == null
        && !unfinishedCommands.hasPendingDeletion();
  }

  /** Whether the device was deleted, but its commands could not be ended yet. */
  boolean hasPendingDeletion() {
    return unfinishedCommands.hasPendingDeletion();
  }

  /** Whether somebody has come or gone, and what follows from that is not written yet. */
  boolean needsReconcile() {
    return deliveryState.needsReconcile();
  }

  /** What is kept has been changed by somebody else: it is read again when it is needed. */
  void forget() {
    unfinishedCommands.forget();
  }

  /** The command as it is kept, if that is in memory and not over. */
  @Nullable Command cached(String id) {
    return unfinishedCommands.cached(id);
  }

  /** As {@link UnfinishedCommands#nextDue}. */
  long nextDue() {
    return unfinishedCommands.nextDue();
  }

  /** Everything that was asked for until now is done, well or not. */
  Future<Void> awaitIdle() {
    return queue.awaitIdle();
  }

  /** Takes a new command; a repeated request gets the command that the first one made. */
  Future<Command> submit(CommandRequest.Validated command, String by) {
    return queue.request(
        () ->
            repeated(command)
                .compose(first -> first.isPresent() ? engine.get(first.get()) : make(command, by)));
  }

  /** Takes back a queued command. */
  Future<Command> cancel(String id, CommandTrigger.Cancelled what) {
    return queue.request(() -> fire(id, what));
  }

  /** Takes a device's answer. */
  Future<Command> answer(Session from, CommandResult result) {
    return queue.request(() -> answered(from, result));
  }

  /**
   * Deletes the device and ends what is not over, in one turn: nothing that is made for another
   * device of the same id comes in between, nor is anything given to who was here before.
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

  /** Brings everything up to date. */
  Future<Void> settle() {
    return queue.next(this::reconcile);
  }

  /** A session is here: what is queued goes to it, and then what comes. */
  Future<Void> attach(Session arrived, DeliveryMode.Push mode) {
    return queue.next(() -> arrive(arrived, mode));
  }

  /** A poll that is given what is due, now or when something is. */
  Future<Void> awaitCommands(Session arrived, DeliveryMode.Pull mode) {
    return queue.request(() -> awaitCommands(arrived, mode.poll(), mode));
  }

  /** A poll that is given what is due now. */
  Future<List<Command>> fetch(Session arrived, int most, Duration lease, Receipt receipt) {
    List<Command> given = new ArrayList<>();
    PollCommandSink poll = given::addAll;
    Future<Void> held = awaitCommands(arrived, new DeliveryMode.Pull(poll, most, lease, receipt));
    return cancelPoll(poll).compose(released -> held).map(done -> given);
  }

  /** A poll is over; what it was given until then it has been given. */
  Future<Void> cancelPoll(PollCommandSink poll) {
    return queue.next(
        () -> {
          deliveryState.closePoll(poll);
          return Future.succeededFuture();
        });
  }

  /** What is left when everything that was asked for until now is done. */
  Future<Backlog> backlog() {
    return queue.next(
        () -> unfinishedCommands.unfinished().map(known -> Backlog.of(known, engine.now())));
  }

  /** What was handed out to a poll of that session has not reached it. */
  Future<Void> returnUndelivered(Session from, List<Command> given) {
    return queue.next(() -> returned(from, given));
  }

  /** A session is gone: what it has not answered is queued again. */
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

  /**
   * Who is told that it failed asks again, and what is due meanwhile must not go to the one before.
   */
  private Future<Void> awaitCommands(Session arrived, PollCommandSink poll, DeliveryMode mode) {
    return deliveryState.hasNewerThan(arrived)
        ? Future.failedFuture(replaced())
        : arrive(arrived, mode).onFailure(refused -> deliveryState.closePoll(poll));
  }

  private Future<Void> returned(Session from, List<Command> given) {
    return unfinishedCommands.apply(turn -> turn.returnUndelivered(from, given)).mapEmpty();
  }

  /** Succeeds only if everything is: also who has nothing to say may come after a full disk. */
  private Future<Void> reconcile() {
    return unfinishedCommands.reconcile();
  }

  /** The command that the same request has made before; refuses another request with its key. */
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
          "this key was used for another command: " + first.id());
    }
    return first.id();
  }

  private Future<Command> make(CommandRequest.Validated command, String by) {
    return unfinishedCommands.unfinished().compose(known -> make(known, command, by));
  }

  /**
   * Its time to live counts from the turn in which it is made, however long that was waited for.
   */
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

  /** It is over, or never was of this device: the answer is in what the store has kept of it. */
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
    return new Refusal(ErrorCode.CONFLICT, "a newer session speaks for " + device);
  }

  private static boolean has(List<Command> commands, String id) {
    return commands.stream().anyMatch(command -> command.id().equals(id));
  }
}

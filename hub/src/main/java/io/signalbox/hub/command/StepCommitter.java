package io.signalbox.hub.command;

import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.longpoll.HeldRequests;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes steps durable, and only then tells of them: to the bus, and to whoever waits. Brings the
 * store's answers back to the room.
 *
 * <p>Threading: the room's thread; its futures complete there.
 */
final class StepCommitter {
  private static final int AT_A_TIME = 200;

  private final CommandStore store;
  private final Consumer<Event.CommandChanged> changes;
  private final HeldRequests<Command> waits;
  private final Executor executor;

  StepCommitter(
      CommandStore store,
      Consumer<Event.CommandChanged> changes,
      HeldRequests<Command> waits,
      Executor executor) {
    this.store = store;
    this.changes = changes;
    this.waits = waits;
    this.executor = executor;
  }

  /** Writes the steps of one turn, whole or not at all, and tells of them in order. */
  Future<Void> write(List<Command> steps, CommandStore.@Nullable IdempotencyKey token) {
    if (steps.isEmpty()) {
      return Future.succeededFuture();
    }
    return onContext(store.append(steps, token)).onSuccess(written -> steps.forEach(this::publish));
  }

  /** The command of that id, whatever its state; refuses {@code UNKNOWN_COMMAND}. */
  Future<Command> get(String id) {
    return onContext(store.get(id)).map(found -> found.orElseThrow(() -> unknown(id)));
  }

  /** A device's commands that are not over, oldest first. */
  Future<List<Command>> unfinished(String device) {
    return onContext(store.unfinished(device));
  }

  /**
   * The command that a request with that token has made; refuses {@code CONFLICT} if its key was
   * used for another request.
   */
  Future<Optional<String>> repeated(String device, CommandStore.IdempotencyKey token, long since) {
    return onContext(store.original(device, token.key(), since))
        .map(original -> original.map(first -> sameAs(first, token)));
  }

  private static String sameAs(CommandStore.FirstUse first, CommandStore.IdempotencyKey token) {
    if (!first.fingerprint().equals(token.fingerprint())) {
      throw new Refusal(
          Refusal.ErrorCode.CONFLICT,
          "Idempotency-Key",
          "this key was used for another command: " + first.id());
    }
    return first.id();
  }

  /** The first devices after that id whose commands were with a session when the hub stopped. */
  Future<List<String>> awaitingAnswer(String after) {
    return onContext(store.awaitingAnswer(after, AT_A_TIME));
  }

  /** Some devices that have a command whose time is over. */
  Future<List<String>> due(long now) {
    return onContext(store.due(now, AT_A_TIME));
  }

  /** Moves the deadlines of what is not over, when the wall clock has stepped. */
  Future<Void> moveDeadlines(CommandStore.ClockStep step) {
    return onContext(store.moveDeadlines(step));
  }

  /** Some devices that have unfinished commands and are not registered any more. */
  Future<List<String>> orphaned() {
    return onContext(store.orphaned(AT_A_TIME));
  }

  /** Forgets some of what ended before that time; whether there may be more. */
  Future<Boolean> trim(long endedBefore) {
    return onContext(store.trim(endedBefore, AT_A_TIME)).map(forgotten -> forgotten == AT_A_TIME);
  }

  /** There is no such command, or not for whoever asks. */
  static Refusal unknown(String id) {
    return new Refusal(Refusal.ErrorCode.UNKNOWN_COMMAND, "there is no command " + id);
  }

  /** The same future, completed on the room's thread. */
  <T> Future<T> onContext(Future<T> elsewhere) {
    return Contexts.resumeOn(executor, elsewhere);
  }

  private void publish(Command command) {
    changes.accept(new Event.CommandChanged(command));
    waits.changed(command);
  }
}

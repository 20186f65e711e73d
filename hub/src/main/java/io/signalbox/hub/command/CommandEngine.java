package io.signalbox.hub.command;

import io.signalbox.hub.bus.ConfinedExecutor;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.longpoll.HeldRequest;
import io.signalbox.hub.longpoll.HeldRequests;
import io.signalbox.hub.model.Command;
import io.vertx.core.Future;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The inside of the room while it is open: its one thread, and what stands in it.
 *
 * <p>Threading: any thread may call; whatever is touched is touched on the room's thread.
 */
final class CommandEngine {
  private static final HeldRequests.Versioned<Command> SORT =
      new HeldRequests.Versioned<>(
          Command::id, Command::version, command -> command.state().isFinal());

  private final HeldRequests<Command> waits;
  private final StepCommitter committer;
  private final MailboxRegistry mailboxes;
  private final CommandSweeper sweeper;
  private final ConfinedExecutor<CommandEngine> executor;

  /**
   * A room that is not open yet.
   *
   * @param thread runs what it is given later, one after the other, in order
   */
  CommandEngine(Executor thread, EngineContext engineContext) {
    HubClock clock = engineContext.clock();
    this.waits =
        new HeldRequests<>(engineContext.settings().maxHeldRequests(), thread, clock, SORT);
    this.committer =
        new StepCommitter(engineContext.store(), engineContext.changes(), waits, thread);
    MailboxContext context =
        new MailboxContext(
            committer, new UuidV7Generator(clock), new EngineClock(clock), engineContext);
    this.mailboxes = new MailboxRegistry(context);
    this.sweeper = new CommandSweeper(context, mailboxes, waits);
    this.executor = new ConfinedExecutor<>(thread, this);
  }

  /** Takes up what the hub had left. */
  Future<Void> open() {
    return submit(engine -> engine.sweeper().recover());
  }

  /** Does what is due: to be called every {@link CommandSweeper#TICK_MS}. */
  Future<Void> tick() {
    return submit(engine -> engine.sweeper().sweep());
  }

  /** Whoever waits for a command is answered as it stands, and whoever still comes. */
  Future<Void> drain() {
    return submit(engine -> engine.sweeper().drain());
  }

  /** Completes what was begun; what comes from now on is refused. */
  Future<Void> close() {
    return submit(CommandEngine::leave);
  }

  /** Does something in here; refuses {@code UNAVAILABLE} once closed. */
  <T> Future<T> submit(Function<CommandEngine, Future<T>> task) {
    return executor.submit(task);
  }

  MailboxRegistry mailboxes() {
    return mailboxes;
  }

  HeldRequests<Command> waits() {
    return waits;
  }

  CommandSweeper sweeper() {
    return sweeper;
  }

  /** Somebody who waits until the command is not as it is known, or the time is over. */
  HeldRequest<Command> awaitChange(String id, Predicate<Command> known, long millis) {
    return held(waits.forChange(id, known, millis), null);
  }

  /** Somebody who waits until the command of that device is over, or the time is. */
  HeldRequest<Command> awaitCompletion(String device, String id, long millis) {
    return held(waits.forCompletion(id, millis), device);
  }

  private HeldRequest<Command> held(HeldRequest<Command> wait, @Nullable String device) {
    submit(engine -> engine.waits.enter(wait, () -> engine.look(wait.id(), device)))
        .onFailure(wait::refuse);
    return wait;
  }

  private Future<Command> look(String id, @Nullable String device) {
    Command atHand = device == null ? null : mailboxes.cached(device, id);
    return atHand == null ? committer.get(id) : Future.succeededFuture(atHand);
  }

  private Future<Void> leave() {
    executor.close();
    waits.refuseAll(ConfinedExecutor.unavailable());
    return mailboxes.awaitIdle();
  }
}

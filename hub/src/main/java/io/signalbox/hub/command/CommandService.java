package io.signalbox.hub.command;

import io.signalbox.hub.bus.ConfinedExecutor;
import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.bus.SerialExecutor;
import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.command.DeliveryState.DeliveryMode;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.fleet.SessionRegistry;
import io.signalbox.hub.longpoll.HeldRequest;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands to devices, from the request to the end.
 *
 * <ul>
 *   <li>A change is durable first, and only then an event, an answer or a delivery. {@code SENT} is
 *       written before the command is handed to the session, so no result can precede it; should
 *       the hub or the session die in between, the command goes back to {@code QUEUED}; one that
 *       was handed out on a poll does when its lease is over, for such a session outlives the hub.
 *       It is thus delivered at least once, always with the same id.
 *   <li>The commands of a device go out in the order in which they were made, without waiting for
 *       each other's results; those with a {@code notBefore} hold back only themselves.
 *   <li>What is {@code ACCEPTED} stays so when the session ends: the device has it, and may finish
 *       it through any later session. {@link CommandStateMachine} is the whole table.
 *   <li>A command that is past its time ends as {@code EXPIRED}, also if the hub was down then.
 * </ul>
 *
 * <p>Before {@link #open} has succeeded and after {@link #close} everything is refused as {@code
 * UNAVAILABLE}, which is also the answer when the store refuses.
 *
 * <p>Threading: any thread may call. Tasks run one at a time ({@link SerialExecutor}): a call runs
 * on the caller's thread without blocking it, and goes on, once its steps are durable, on the
 * store's. Futures complete on either; a caller switches to its own.
 */
public final class CommandService {
  private static final Logger LOG = LoggerFactory.getLogger(CommandService.class);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private final CommandStore store;
  private final EngineContext engineContext;
  private final CommandMetrics metrics = new CommandMetrics();
  private final List<Consumer<Command>> listeners = new CopyOnWriteArrayList<>();
  private volatile @Nullable CommandEngine engine;
  private volatile Runnable stopTicking = () -> {};

  /**
   * A service that is not open yet.
   *
   * @param node this node's name, for timelines
   * @param clock Unix milliseconds
   */
  public CommandService(
      CommandStore store,
      SessionRegistry sessions,
      Topic<Event.CommandChanged> changes,
      String node,
      HubClock clock,
      CommandSettings settings) {
    this(
        new EngineContext(
            store,
            step -> changes.publish(step),
            device -> planned(sessions.of(device)),
            node,
            clock,
            settings));
  }

  CommandService(EngineContext engineContext) {
    this.store = engineContext.store();
    this.engineContext =
        engineContext.alsoTelling(metrics::count).alsoTelling(this::notifyListeners);
  }

  /** When the device will come, if that is planned. */
  private static @Nullable Long planned(Presence presence) {
    return presence.state() == Presence.State.ASLEEP ? presence.expected() : null;
  }

  /** Takes up what the hub had left when it stopped or was killed; then serves. */
  public Future<Void> open(Vertx vertx) {
    Context context = vertx.getOrCreateContext();
    CommandEngine made =
        new CommandEngine(new SerialExecutor(Contexts.executorOf(context)), engineContext);
    return open(made).onSuccess(open -> tick(vertx, made));
  }

  /** The same with an engine of the caller's, and without a timer. */
  Future<Void> open(CommandEngine made) {
    return made.open().onSuccess(open -> engine = made);
  }

  private void tick(Vertx vertx, CommandEngine open) {
    long timer = vertx.setPeriodic(CommandSweeper.TICK_MS, tick -> open.tick());
    stopTicking = () -> vertx.cancelTimer(timer);
  }

  /** Answers requests that wait for a command as it stands; none waits after that. */
  public Future<Void> drain() {
    CommandEngine open = engine;
    return open == null ? Future.succeededFuture() : open.drain();
  }

  /** Refuses what comes, lets go of who waits, and completes what was begun. */
  public Future<Void> close() {
    CommandEngine open = engine;
    engine = null;
    stopTicking.run();
    return open == null ? Future.succeededFuture() : open.close();
  }

  /**
   * Makes a command; it is durable when the future succeeds. Refuses {@code INVALID} and {@code
   * TOO_LARGE} with the field, {@code UNKNOWN_DEVICE}, {@code QUEUE_FULL}, and {@code CONFLICT} for
   * an idempotency key that was used for something else.
   *
   * @param by the name of who asks
   */
  public Future<Command> submit(String device, CommandRequest command, String by) {
    return validated(command).compose(sound -> submit(device, sound, by));
  }

  /** The same for a request that was validated before. */
  public Future<Command> submit(String device, CommandRequest.Validated command, String by) {
    return withMailbox(device, mailbox -> mailbox.submit(command, by));
  }

  /**
   * Makes a command as {@link #submit(String, CommandRequest, String)} does, and holds the request
   * until the command has ended or the time is over; the outcome is the command as it is then.
   */
  public HeldRequest<Command> submit(
      String device, CommandRequest command, String by, Duration wait) {
    CommandEngine open = engine;
    if (open == null) {
      return refused();
    }
    HeldRequest<Command> end = open.heldRequests().forCompletion(millis(wait));
    validated(command)
        .compose(
            sound ->
                open.submit(
                    engine ->
                        engine.awaitCompletion(
                            engine.withMailbox(device, box -> box.submit(sound, by)), end)))
        .onFailure(end::refuse);
    return end;
  }

  /** The command; refuses {@code UNKNOWN_COMMAND}. */
  public Future<Command> get(String id) {
    return store.get(id).map(found -> found.orElseThrow(() -> CommandEngine.unknown(id)));
  }

  /**
   * Waits until the command is not as the caller knows it, or the time is over; the outcome is the
   * command as it then stands, or {@code UNKNOWN_COMMAND}. A caller who leaves calls {@link
   * HeldRequest#cancel}.
   *
   * @param known whether the caller knows the command as it stands; asked once, when it is first
   *     looked at. From then on any change is news
   */
  public HeldRequest<Command> awaitChange(String id, Predicate<Command> known, Duration wait) {
    CommandEngine open = engine;
    return open == null ? refused() : open.awaitChange(id, known, millis(wait));
  }

  /** Waits until the command is over, or the time is; otherwise as {@link #awaitChange}. */
  public HeldRequest<Command> awaitCompletion(Command command, Duration wait) {
    CommandEngine open = engine;
    return open == null
        ? refused()
        : open.awaitCompletion(command.device(), command.id(), millis(wait));
  }

  /**
   * Calls the listener after each step once it is durable, in the order of the steps, until the
   * returned action is run. The listener runs in this service's tasks and must be quick.
   */
  public Runnable onStep(Consumer<Command> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  private void notifyListeners(Command step) {
    listeners.forEach(listener -> listener.accept(step));
  }

  /** How many requests are held until a command changes. */
  public int heldRequestCount() {
    CommandEngine open = engine;
    return open == null ? 0 : open.heldRequests().held();
  }

  /** How often a command came into that state, since the start. */
  public long steps(Command.State state) {
    return metrics.steps(state);
  }

  /** How long devices took, from the making of a command to the end they gave it; ms, summed up. */
  public long answerMillis() {
    return metrics.answerMillis();
  }

  /**
   * Takes back a command. Refuses {@code UNKNOWN_COMMAND}, {@code CONFLICT} when the device has it
   * already, {@code COMMAND_FINISHED}.
   */
  public Future<Command> cancel(String id, String by) {
    return cancel(id, by, Precondition.NONE);
  }

  /** The same under a precondition on its version. {@code PRECONDITION_FAILED}. */
  public Future<Command> cancel(String id, String by, Precondition precondition) {
    return cancel(id, new CommandTrigger.Cancelled(by, null, precondition));
  }

  /** The same, done by the hub itself for a reason that the timeline tells. */
  public Future<Command> revoke(String id, String reason) {
    return cancel(id, new CommandTrigger.Cancelled(null, reason, Precondition.NONE));
  }

  private Future<Command> cancel(String id, CommandTrigger.Cancelled what) {
    return get(id)
        .compose(found -> withMailbox(found.device(), mailbox -> mailbox.cancel(id, what)));
  }

  /**
   * A page of commands, newest first. {@code UNKNOWN_DEVICE}, {@code INVALID} for a cursor that was
   * never given.
   */
  public Future<Page<Command>> list(CommandQuery query) {
    return store.list(query);
  }

  /**
   * Deletes a device and ends its commands: when this has succeeded there is none that is not over,
   * nor can one come. What was made for it is never given to another device of the same id.
   *
   * @param deletion takes the device out of the registry; if it is refused nothing has happened
   */
  public Future<Void> deleteDevice(String device, Supplier<Future<Void>> deletion) {
    return inside(engine -> engine.deleteDevice(device, deletion));
  }

  /**
   * A session with a connection is here: what is queued goes to its outlet, in order, and then what
   * comes. It has what it was sent for as long as it is attached.
   */
  public void attach(Session session, CommandSink sink) {
    attach(session, Receipt.UNKNOWN, sink);
  }

  /**
   * The same for a session that may have been given commands on polls before: those that it does
   * not name come first.
   */
  public void attach(Session session, Receipt receipt, CommandSink sink) {
    DeliveryMode.Push open = new DeliveryMode.Push(sink, receipt);
    inside(engine -> engine.retryUntilDone(session.device(), box -> box.attach(session, open)))
        .onFailure(CommandService::logReason);
  }

  /** A session is gone for good: what it has not answered is queued again, leased or not. */
  public void detach(Session session, String reason) {
    inside(engine -> engine.retryUntilDone(session.device(), box -> box.detach(session, reason)))
        .onFailure(CommandService::logReason);
  }

  /**
   * Hands out what is due now to a session that has no connection, and makes it the present one.
   * The future's commands are durably {@code SENT}, and leased: what is not answered when the lease
   * is over is queued again. Refuses {@code CONFLICT} for a session that a newer one has replaced.
   *
   * <p>What the session was given before and, by the receipt, has not come is handed out again
   * first. Where nothing is known it is handed out again, first, as soon as there is something
   * newer; if there is no room for both, that waits.
   *
   * @param most commands at most
   */
  public Future<List<Command>> fetch(Session session, int most, Duration lease, Receipt receipt) {
    return inside(
        engine -> engine.poll(session.device(), box -> box.fetch(session, most, lease, receipt)));
  }

  /**
   * The same for a poll that waits: if nothing is due it stays, until something is or it is {@link
   * #cancelPoll}d. A session has one at a time: the poll before gets nothing more, nor does one
   * whose session is detached or replaced. When the future fails it does not stay.
   */
  public Future<Void> awaitCommands(
      Session session, int most, Duration lease, Receipt receipt, PollCommandSink poll) {
    DeliveryMode.Pull held = new DeliveryMode.Pull(poll, most, lease, receipt);
    return inside(engine -> engine.poll(session.device(), box -> box.awaitCommands(session, held)));
  }

  /**
   * That poll waits no longer. Whatever it gets it has been given when this completes; a poll that
   * is told so only then, that there is nothing, is told the truth.
   */
  public Future<Void> cancelPoll(Session session, PollCommandSink poll) {
    return withMailbox(session.device(), mailbox -> mailbox.cancelPoll(poll));
  }

  /**
   * What the device has still to come for, once all is done that was asked for it until now: a poll
   * can ask for it together with what it fetches.
   */
  public Future<Backlog> backlog(String device) {
    return withMailbox(device, DeviceMailbox::backlog);
  }

  /**
   * What was handed out to that session could not be written, and is queued again at once, unless
   * it has been handed out once more meanwhile. Should this fail, its lease does the same later.
   *
   * @param given as they were handed out
   */
  public Future<Void> returnUndelivered(Session session, List<Command> given) {
    return withMailbox(session.device(), mailbox -> mailbox.returnUndelivered(session, given));
  }

  /**
   * Takes a device's answer; it is durable when the future succeeds. Refuses {@code
   * UNKNOWN_COMMAND} also for another device's command or one never sent, {@code COMMAND_FINISHED},
   * {@code CONFLICT} for a session that a newer one has replaced, {@code INVALID}.
   */
  public Future<Void> result(Session session, CommandResult result) {
    return withMailbox(session.device(), mailbox -> mailbox.answer(session, result)).mapEmpty();
  }

  private Future<CommandRequest.Validated> validated(CommandRequest command) {
    try {
      return Future.succeededFuture(command.validated(engineContext.clock().wallMillis()));
    } catch (Refusal refusal) {
      return Future.failedFuture(refusal);
    }
  }

  private static HeldRequest<Command> refused() {
    return HeldRequest.refused(ConfinedExecutor.unavailable());
  }

  private static long millis(Duration wait) {
    return Math.clamp(wait.toMillis(), 0, LONGEST_WAIT.toMillis());
  }

  /** The engine tries again by itself; one that was closed recovers everything when it opens. */
  private static void logReason(Throwable refused) {
    LOG.debug("Commands of a session wait: {}", refused.getMessage());
  }

  /** Runs an operation on a device's mailbox. */
  private <T> Future<T> withMailbox(String device, Function<DeviceMailbox, Future<T>> action) {
    return inside(engine -> engine.withMailbox(device, action));
  }

  /** Runs a task in the engine; {@code UNAVAILABLE} while it is not open. */
  <T> Future<T> inside(Function<CommandEngine, Future<T>> task) {
    CommandEngine open = engine;
    return open == null ? Future.failedFuture(ConfinedExecutor.unavailable()) : open.submit(task);
  }
}

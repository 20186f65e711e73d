package io.signalbox.hub.command;

import io.signalbox.hub.bus.ConfinedExecutor;
import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.bus.SerialExecutor;
import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.command.DeliveryState.DeliveryMode;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.fleet.SessionRegistry;
import io.signalbox.hub.fleet.TypedDevices;
import io.signalbox.hub.longpoll.HeldRequest;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Ownership;
import io.signalbox.hub.model.Page;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.SessionEnd;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Service of commands to devices, from the request to the final state.
 *
 * <ul>
 *   <li>A change is durable before its event, response or delivery. {@code SENT} is written before
 *       the command is delivered to the session, so no result can precede it; if the hub or the
 *       session dies in between, the command returns to {@code QUEUED}. A command delivered by a
 *       poll returns when its lease expires, because a polling session outlives the hub. Delivery
 *       is at least once, always with the same id.
 *   <li>Commands of a device are delivered in order of creation, without waiting for each other's
 *       results; a {@code notBefore} delays only its own command.
 *   <li>An {@code ACCEPTED} command stays accepted when the session ends: the device has it, and
 *       may finish it through any later session. {@link CommandStateMachine} has the whole table.
 * </ul>
 *
 * <p>Before {@link #open} has succeeded and after {@link #close} every call is refused with {@code
 * UNAVAILABLE}, as it is if the store refuses.
 *
 * <p>Threading: any thread may call. Tasks run one at a time ({@link SerialExecutor}): a call runs
 * on the caller's thread without blocking it, and goes on, once its steps are durable, on the
 * store's. Futures complete on either; a caller switches to its own.
 */
public final class CommandService {
  private static final Logger LOG = LoggerFactory.getLogger(CommandService.class);

  private final CommandStore store;
  private final Consumer<Event.CommandChanged> changes;
  private final SessionLookup sessions;
  private final String node;
  private final HubClock clock;
  private final CommandSettings settings;
  private final CommandMetrics metrics = new CommandMetrics();
  private final List<Consumer<Command>> listeners = new CopyOnWriteArrayList<>();
  private volatile CommandValidator validator = new CommandValidator(null);
  private volatile @Nullable CommandEngine engine;

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
    this(store, changes::publish, SessionLookup.of(sessions), node, clock, settings);
    changes.listen(event -> changed(event.command()));
  }

  /** A service with functions instead of topic and registry; events go to {@link #changed}. */
  CommandService(
      CommandStore store,
      Consumer<Event.CommandChanged> changes,
      SessionLookup sessions,
      String node,
      HubClock clock,
      CommandSettings settings) {
    this.store = store;
    this.changes = changes;
    this.sessions = sessions;
    this.node = node;
    this.clock = clock;
    this.settings = settings;
  }

  /** Validates commands by the types of their devices from now on. */
  public void validateBy(TypedDevices types) {
    validator = new CommandValidator(types);
  }

  /** Recovers the state of the last run, then serves requests. */
  public Future<Void> open(Vertx vertx) {
    return open(vertx, Ownership.ALL);
  }

  /** The same on one of several nodes, which divide the work that one node must do. */
  public Future<Void> open(Vertx vertx, Ownership ownership) {
    Executor spare = Contexts.executorOf(vertx.getOrCreateContext());
    CommandEngine made = newEngine(new SerialExecutor(spare));
    made.sweeper().divideBy(ownership);
    return open(made).onSuccess(open -> made.tickOn(vertx));
  }

  /** An engine of this service that runs its tasks on the executor; not open yet. */
  CommandEngine newEngine(Executor thread) {
    return new CommandEngine(
        thread,
        store,
        this::publish,
        clock,
        settings,
        (made, device) -> new DeviceMailbox(device, made, settings, node, sessions));
  }

  /** Opens with the caller's engine, without a timer. */
  Future<Void> open(CommandEngine made) {
    return made.open().andThen((open, failure) -> engine = failure == null ? made : null);
  }

  /** Requeues commands whose sessions have ended on a node that no longer answers. */
  public Future<Void> requeueLost() {
    return inside(engine -> engine.sweeper().requeueLost());
  }

  /** Reads what is in memory anew, because events of other nodes may have been lost. */
  public Future<Void> refresh() {
    return inside(CommandEngine::refresh);
  }

  /** Answers held requests with the present state; later ones are answered at once. */
  public Future<Void> drain() {
    CommandEngine open = engine;
    return open == null ? Future.succeededFuture() : open.drain();
  }

  /** Refuses new requests, releases held ones, and finishes work in progress. */
  public Future<Void> close() {
    CommandEngine open = engine;
    engine = null;
    return open == null ? Future.succeededFuture() : open.close();
  }

  /**
   * Creates a command; it is durable when the future succeeds. {@code INVALID} and {@code
   * TOO_LARGE} with the field, {@code INVALID_PARAMS} if the parameters do not fit the device's
   * type, {@code UNKNOWN_DEVICE}, {@code QUEUE_FULL}, and {@code CONFLICT} for an idempotency key
   * that was used for another request.
   *
   * @param by name of the principal
   */
  public Future<Command> submit(String device, CommandRequest command, String by) {
    return create(device, validator.validate(device, command, clock.wallMillis()), by);
  }

  /** Creates a command of a job; it must fit the type that the device has now. */
  public Future<Command> submit(String device, CommandRequest.Validated command, String by) {
    return create(device, validator.validate(device, command), by);
  }

  private Future<Command> create(
      String device, Future<CommandRequest.Validated> command, String by) {
    return command.compose(sound -> withMailbox(device, mailbox -> mailbox.submit(sound, by)));
  }

  /**
   * Creates a command and holds the request until it has ended, or until the deadline; the outcome
   * is the command's present state.
   */
  public HeldRequest<Command> submit(
      String device, CommandRequest command, String by, Duration wait) {
    Future<CommandRequest.Validated> sound =
        validator.validate(device, command, clock.wallMillis());
    return hold(open -> open.submitAndAwait(device, sound, by, wait));
  }

  /** The command. {@code UNKNOWN_COMMAND}. */
  public Future<Command> get(String id) {
    return store.get(id).map(found -> found.orElseThrow(() -> CommandEngine.unknown(id)));
  }

  /**
   * Waits until the command differs from the known state, or until the deadline; the outcome is the
   * command's present state, or {@code UNKNOWN_COMMAND}. A caller that gives up calls {@link
   * HeldRequest#cancel}.
   *
   * @param known whether the caller knows the present state; called once, at the first read. After
   *     that any change completes the request
   */
  public HeldRequest<Command> awaitChange(String id, Predicate<Command> known, Duration wait) {
    return hold(open -> open.awaitChange(id, known, wait));
  }

  /** Waits until the command has ended or the deadline; otherwise as {@link #awaitChange}. */
  public HeldRequest<Command> awaitCompletion(Command command, Duration wait) {
    return hold(open -> open.awaitCompletion(command.device(), command.id(), wait));
  }

  /** Calls the listener with each event, on its publisher's thread, until the action is run. */
  public Runnable onStep(Consumer<Command> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  private void publish(Command step) {
    metrics.count(step);
    changes.accept(new Event.CommandChanged(step));
  }

  /** A durable step of this or another node was published: wakes what waits for it. */
  void changed(Command step) {
    CommandEngine open = engine;
    if (open != null) {
      open.changed(step);
      if (!step.timeline().getLast().node().equals(node)) {
        open.changedElsewhere(step);
      }
    }
    listeners.forEach(listener -> listener.accept(step));
  }

  /** Number of requests held until a command changes. */
  public int heldRequestCount() {
    CommandEngine open = engine;
    return open == null ? 0 : open.heldRequestCount();
  }

  /** Counters since the start. */
  public CommandMetrics metrics() {
    return metrics;
  }

  /**
   * Cancels a queued command. {@code UNKNOWN_COMMAND}, {@code COMMAND_FINISHED}, {@code CONFLICT}
   * if it was delivered.
   */
  public Future<Command> cancel(String id, String by) {
    return cancel(id, by, Precondition.NONE);
  }

  /** Cancels under a precondition on the version. {@code PRECONDITION_FAILED}. */
  public Future<Command> cancel(String id, String by, Precondition precondition) {
    return cancel(id, new CommandTrigger.Cancelled(by, null, precondition));
  }

  /** Cancels on behalf of the hub, with a reason for the timeline. */
  public Future<Command> revoke(String id, String reason) {
    return cancel(id, new CommandTrigger.Cancelled(null, reason, Precondition.NONE));
  }

  private Future<Command> cancel(String id, CommandTrigger.Cancelled trigger) {
    return get(id)
        .compose(found -> withMailbox(found.device(), mailbox -> mailbox.cancel(id, trigger)));
  }

  /** A page of commands, newest first. {@code UNKNOWN_DEVICE}, {@code INVALID} for the cursor. */
  public Future<Page<Command>> list(CommandQuery query) {
    return store.list(query);
  }

  /**
   * Deletes a device and ends its commands, which are never delivered to a later device with the
   * id.
   *
   * @param deletion removes the device from the registry; if it fails, nothing has changed
   */
  public Future<Void> deleteDevice(String device, Supplier<Future<Void>> deletion) {
    return inside(engine -> engine.deleteDevice(device, deletion));
  }

  /**
   * Attaches a connected session: queued commands are delivered to its sink in order, then new
   * ones. Delivered commands belong to the session while it is attached.
   */
  public void attach(Session session, CommandSink sink) {
    attach(session, Receipt.UNKNOWN, sink);
  }

  /** Attaches a session that has polled before: what is not in the receipt is delivered first. */
  public void attach(Session session, Receipt receipt, CommandSink sink) {
    DeliveryMode.Push open = new DeliveryMode.Push(sink, receipt);
    changeSession(session, mailbox -> mailbox.attach(session, open));
  }

  /**
   * Detaches an ended session: its unanswered commands are queued again, leased or not, and their
   * timelines have the text of its end.
   */
  public void detach(Session session, SessionEnd end) {
    changeSession(session, mailbox -> mailbox.detach(session, end));
  }

  /**
   * Delivers due commands to a session without a connection, and makes it the present one. The
   * returned commands are durably {@code SENT} and leased: unanswered ones are queued again when
   * the lease expires. {@code CONFLICT} for a session that a newer one has replaced.
   *
   * <p>Earlier commands of the session that are not in the {@link Receipt} are delivered again
   * first; if it is unknown, together with newer commands.
   *
   * @param most maximum number of commands
   */
  public Future<List<Command>> fetch(Session session, int most, Duration lease, Receipt receipt) {
    return inside(it -> it.poll(session.device(), box -> box.fetch(session, most, lease, receipt)));
  }

  /**
   * Holds a poll: if no command is due, it is held until there is one or it is {@link
   * #cancelPoll}led. A session has one held poll at a time: an earlier poll gets nothing more, nor
   * does one whose session is detached or replaced. If the future fails, the poll is not held.
   */
  public Future<Void> awaitCommands(
      Session session, int most, Duration lease, Receipt receipt, PollCommandSink poll) {
    DeliveryMode.Pull held = new DeliveryMode.Pull(poll, most, lease, receipt);
    return inside(it -> it.poll(session.device(), box -> box.awaitCommands(session, held)));
  }

  /** Ends a held poll; succeeds when every command for the poll has been delivered to it. */
  public Future<Void> cancelPoll(Session session, PollCommandSink poll) {
    return withMailbox(session.device(), mailbox -> mailbox.cancelPoll(poll));
  }

  /** The commands that the device can still fetch, after all earlier requests for it. */
  public Future<Backlog> backlog(String device) {
    return withMailbox(device, DeviceMailbox::backlog);
  }

  /**
   * Returns commands that could not be written to the session: they are queued again at once,
   * unless they were delivered again meanwhile. If this fails, the lease has the same effect later.
   *
   * @param given the commands as they were delivered
   */
  public Future<Void> returnUndelivered(Session session, List<Command> given) {
    return withMailbox(session.device(), mailbox -> mailbox.returnUndelivered(session, given));
  }

  /**
   * Accepts a device's answer; it is durable when the future succeeds. {@code UNKNOWN_COMMAND} also
   * for one that was never sent to the device, {@code COMMAND_FINISHED}, {@code CONFLICT} for a
   * session that a newer one has replaced, {@code INVALID}.
   */
  public Future<Void> result(Session session, CommandResult result) {
    return result(session, result, true);
  }

  /** The same, or an answer in a request of its own, whose session may be newer than is known. */
  public Future<Void> result(Session session, CommandResult result, boolean inSession) {
    CommandTrigger.Answered answer = new CommandTrigger.Answered(session, result, inSession);
    return withMailbox(session.device(), mailbox -> mailbox.answer(answer)).mapEmpty();
  }

  private HeldRequest<Command> hold(Function<CommandEngine, HeldRequest<Command>> request) {
    CommandEngine open = engine;
    return open == null ? HeldRequest.refused(ConfinedExecutor.unavailable()) : request.apply(open);
  }

  /** The engine retries by itself; a closed one recovers everything when it opens. */
  private void changeSession(Session session, Function<DeviceMailbox, Future<Void>> change) {
    inside(engine -> engine.retryUntilDone(session.device(), change))
        .onFailure(
            refused -> LOG.debug("Commands are not delivered yet: {}", refused.getMessage()));
  }

  private <T> Future<T> withMailbox(String device, Function<DeviceMailbox, Future<T>> action) {
    return inside(engine -> engine.withMailbox(device, action));
  }

  <T> Future<T> inside(Function<CommandEngine, Future<T>> task) {
    CommandEngine open = engine;
    return open == null ? Future.failedFuture(ConfinedExecutor.unavailable()) : open.submit(task);
  }
}

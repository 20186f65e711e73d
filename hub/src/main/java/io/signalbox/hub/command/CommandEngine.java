package io.signalbox.hub.command;

import io.signalbox.hub.bus.ConfinedExecutor;
import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.longpoll.HeldRequest;
import io.signalbox.hub.longpoll.HeldRequests;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serial core of the command service while it is open: the mailboxes in use, the times at which
 * mailboxes have work, the mailboxes whose last update the store refused, and the requests that are
 * held until a command changes.
 *
 * <p>Threading: any thread may call {@link #submit}, {@link #submitAndAwait}, {@link #awaitChange},
 * {@link #awaitCompletion}, {@link #changed} and {@link #changedElsewhere}; everything else is
 * called within a task of the engine's executor, which runs one task at a time.
 */
final class CommandEngine {
  private static final Logger LOG = LoggerFactory.getLogger(CommandEngine.class);
  private static final HeldRequests.Versioned<Command> VERSIONED =
      new HeldRequests.Versioned<>(
          Command::id, Command::version, command -> command.state().isFinal());

  private final Executor thread;
  private final CommandStore store;
  private final Consumer<Command> onStep;
  private final HubClock hubClock;
  private final EngineClock clock;
  private final UuidV7Generator ids;
  private final HeldRequests<Command> heldRequests;
  private final CommandSweeper sweeper;
  private final ConfinedExecutor<CommandEngine> executor;
  private final BiFunction<CommandEngine, String, DeviceMailbox> newMailbox;
  private final Map<String, DeviceMailbox> mailboxes = new HashMap<>();
  private final DueSchedule schedule = new DueSchedule();
  private final Set<String> unsettled = new HashSet<>();

  private volatile Runnable stopTicking = () -> {};

  /** Incomplete while mailboxes are suspended. */
  private Promise<Void> opened = Promise.promise();

  /**
   * An engine that is not open yet.
   *
   * @param thread runs tasks one at a time, in order
   * @param onStep receives every step, once it is durable
   * @param newMailbox makes the mailbox of a device
   */
  CommandEngine(
      Executor thread,
      CommandStore store,
      Consumer<Command> onStep,
      HubClock hubClock,
      CommandSettings settings,
      BiFunction<CommandEngine, String, DeviceMailbox> newMailbox) {
    this.thread = thread;
    this.store = store;
    this.onStep = onStep;
    this.hubClock = hubClock;
    this.newMailbox = newMailbox;
    this.clock = new EngineClock(hubClock);
    this.ids = new UuidV7Generator(hubClock);
    this.heldRequests =
        new HeldRequests<>(settings.maxHeldRequests(), thread, hubClock, VERSIONED, this::get);
    this.sweeper =
        new CommandSweeper(this, store, heldRequests, clock, hubClock, settings.retention());
    this.executor = new ConfinedExecutor<>(thread, this);
    opened.complete();
  }

  // ---- Lifecycle.

  /** Recovers what the previous run left unfinished. */
  Future<Void> open() {
    return submit(engine -> engine.sweeper.recover());
  }

  /** Does what is due every {@link CommandSweeper#TICK_MS} from now on. */
  void tickOn(Vertx vertx) {
    long timer = vertx.setPeriodic(CommandSweeper.TICK_MS, tick -> tick());
    stopTicking = () -> vertx.cancelTimer(timer);
  }

  CommandSweeper sweeper() {
    return sweeper;
  }

  /** Does what is due. */
  Future<Void> tick() {
    return submit(engine -> engine.sweeper.sweep());
  }

  /** Answers held requests with the present state, and later ones at once. */
  Future<Void> drain() {
    return submit(
        engine -> {
          engine.heldRequests.drain();
          return Future.succeededFuture();
        });
  }

  /** Completes operations that have begun; refuses new ones. */
  Future<Void> close() {
    return submit(CommandEngine::leave);
  }

  private Future<Void> leave() {
    executor.close();
    stopTicking.run();
    heldRequests.refuseAll(ConfinedExecutor.unavailable());
    return awaitIdle();
  }

  /** Runs a task in the engine; {@code UNAVAILABLE} once closed. */
  <T> Future<T> submit(Function<CommandEngine, Future<T>> task) {
    return executor.submit(task);
  }

  /** The same future, completed in the engine. */
  <T> Future<T> resume(Future<T> elsewhere) {
    return Contexts.resumeOn(thread, elsewhere);
  }

  // ---- Shared by the mailboxes.

  /** Wall time that deadlines are compared with. */
  long now() {
    return clock.wallMillis();
  }

  /** The wall time of {@code age} ago, by the clock that gives the earlier one. */
  long since(Duration age) {
    return Math.min(now(), hubClock.wallMillisBeforeSteps(age)) - age.toMillis();
  }

  /** The id of a new command for the device. */
  String nextId(String device) {
    return ids.next(device);
  }

  /** Publishes a durable step, whose event wakes what waits for it. */
  void publish(Command step) {
    onStep.accept(step);
  }

  CommandStore store() {
    return store;
  }

  /** The command with that id, in any state. {@code UNKNOWN_COMMAND}. */
  Future<Command> get(String id) {
    return resume(store.get(id)).map(found -> found.orElseThrow(() -> unknown(id)));
  }

  /** The refusal for a command that does not exist, or not for this caller. */
  static Refusal unknown(String id) {
    return new Refusal(Refusal.ErrorCode.UNKNOWN_COMMAND, "there is no command " + id);
  }

  // ---- Held requests.

  /** Answers the requests that wait for a published step. In a task, it runs after the task. */
  void changed(Command step) {
    if (heldRequests.held() > 0) {
      thread.execute(() -> heldRequests.changed(step));
    }
  }

  /** Number of requests held. */
  int heldRequestCount() {
    return heldRequests.held();
  }

  /** Creates a command; a request held until the command has ended, or the time is over. */
  HeldRequest<Command> submitAndAwait(
      String device, Future<CommandRequest.Validated> command, String by, Duration wait) {
    HeldRequest<Command> end = heldRequests.forCompletion(wait);
    command
        .compose(
            sound ->
                submit(
                    engine ->
                        engine
                            .withMailbox(device, mailbox -> mailbox.submit(sound, by))
                            .compose(made -> engine.holdNew(made, end))))
        .onFailure(end::refuse);
    return end;
  }

  /** Runs in the task in which the command has become durable: no task has changed it since. */
  private Future<Void> holdNew(Command made, HeldRequest<Command> end) {
    return heldRequests.enter(end.of(made.id()), () -> Future.succeededFuture(made));
  }

  /** A request held until the command differs from what is known, or the time is over. */
  HeldRequest<Command> awaitChange(String id, Predicate<Command> known, Duration wait) {
    return held(heldRequests.forChange(id, known, wait), null);
  }

  /** A request held until the command of that device has ended, or the time is over. */
  HeldRequest<Command> awaitCompletion(String device, String id, Duration wait) {
    return held(heldRequests.forCompletion(id, wait), device);
  }

  private HeldRequest<Command> held(HeldRequest<Command> request, @Nullable String device) {
    submit(engine -> engine.heldRequests.enter(request, () -> engine.present(request.id(), device)))
        .onFailure(request::refuse);
    return request;
  }

  private Future<Command> present(String id, @Nullable String device) {
    DeviceMailbox mailbox = device == null ? null : mailboxes.get(device);
    Command cached = mailbox == null ? null : mailbox.cached(id);
    return cached == null ? get(id) : Future.succeededFuture(cached);
  }

  // ---- Mailboxes.

  /** Runs an operation on the mailbox of a device. */
  <T> Future<T> withMailbox(String device, Function<DeviceMailbox, Future<T>> action) {
    return opened.future().isComplete()
        ? run(device, action)
        : opened.future().compose(reopened -> run(device, action));
  }

  private <T> Future<T> run(String device, Function<DeviceMailbox, Future<T>> action) {
    DeviceMailbox mailbox = mailboxes.computeIfAbsent(device, name -> newMailbox.apply(this, name));
    return action.apply(mailbox).onComplete(outcome -> removeIfIdle(mailbox));
  }

  /**
   * The same for an operation that no caller repeats: after a failure the mailbox is settled later.
   */
  Future<Void> retryUntilDone(String device, Function<DeviceMailbox, Future<Void>> action) {
    return withMailbox(
        device,
        mailbox ->
            action
                .apply(mailbox)
                .onSuccess(done -> unsettled.remove(device))
                .onFailure(refused -> settleLater(device, refused)));
  }

  /**
   * The same for a poll. The poller sees a failure and repeats its poll; a session that it has
   * replaced does not, so that is settled later.
   */
  <T> Future<T> poll(String device, Function<DeviceMailbox, Future<T>> action) {
    return withMailbox(
        device,
        mailbox -> action.apply(mailbox).onFailure(refused -> settleLater(mailbox, refused)));
  }

  /** Delivers what another node has queued to the session here, if there is one. Any thread. */
  Future<Void> changedElsewhere(Command step) {
    return submit(
        engine ->
            mailboxes.containsKey(step.device())
                ? retryUntilDone(step.device(), DeviceMailbox::changedElsewhere)
                : Future.succeededFuture());
  }

  private void settleLater(DeviceMailbox mailbox, Throwable refused) {
    if (mailbox.isUnsettled()) {
      settleLater(mailbox.device(), refused);
    }
  }

  /** Reads the queues of the connected devices anew, because events may have been lost. */
  Future<Void> refresh() {
    mailboxes.values().forEach(DeviceMailbox::forget);
    return settle(List.copyOf(mailboxes.keySet()));
  }

  /** Deletes a device as one operation of its mailbox, and ends its commands. */
  Future<Void> deleteDevice(String device, Supplier<Future<Void>> deletion) {
    return withMailbox(
        device,
        mailbox ->
            mailbox.deleteDevice(deletion).onFailure(refused -> settleLater(mailbox, refused)));
  }

  private void settleLater(String device, Throwable refused) {
    if (unsettled.add(device)) {
      LOG.warn("Commands of {} cannot be updated, trying again: {}", device, refused.getMessage());
    }
  }

  /** Brings the mailboxes of these devices up to date; fails if one of them cannot be. */
  Future<Void> settle(Collection<String> devices) {
    List<Future<Void>> all = new ArrayList<>(devices.size());
    devices.forEach(device -> all.add(retryUntilDone(device, DeviceMailbox::settle)));
    return Future.join(all).mapEmpty();
  }

  /** Settles the mailboxes whose last update the store refused. */
  Future<Void> settleUnsettled() {
    return settle(List.copyOf(unsettled));
  }

  /** Settles the mailboxes that are due. */
  Future<Void> settleDue(long now) {
    return settle(schedule.takeDue(now));
  }

  /** Holds back all operations until {@link #resumeMailboxes}; succeeds when none is under way. */
  Future<Void> suspendMailboxes() {
    Future<Void> idle = awaitIdle();
    opened = Promise.promise();
    return idle;
  }

  /** Runs the operations that were held back, in order, and later ones at once. */
  void resumeMailboxes() {
    opened.complete();
  }

  /**
   * Forgets what is cached, after the deadlines in the store were moved; returns the devices whose
   * mailboxes had something due.
   */
  Set<String> clearDeadlines() {
    Set<String> devices = schedule.clear();
    mailboxes.values().forEach(DeviceMailbox::forget);
    return devices;
  }

  /** Succeeds when every operation asked for until now is done. */
  Future<Void> awaitIdle() {
    return opened.future().compose(open -> Future.join(operations())).mapEmpty();
  }

  private List<Future<Void>> operations() {
    return mailboxes.values().stream().map(DeviceMailbox::awaitIdle).toList();
  }

  /** Number of mailboxes in memory. */
  int size() {
    return mailboxes.size();
  }

  private void removeIfIdle(DeviceMailbox mailbox) {
    String device = mailbox.device();
    if (mailbox.nextDue() != DeviceMailbox.UNKNOWN) {
      schedule.put(device, mailbox.nextDue());
    }
    if (mailbox.isIdle() && !unsettled.contains(device)) {
      mailboxes.remove(device, mailbox);
    }
  }
}

package io.signalbox.hub.gateway.http;

import io.signalbox.hub.command.Backlog;
import io.signalbox.hub.command.CommandQuery;
import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.command.PollCommandSink;
import io.signalbox.hub.command.Receipt;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.gateway.DeviceAdmission;
import io.signalbox.hub.gateway.GatewaySettings;
import io.signalbox.hub.gateway.http.DeviceLoop.HeldDeviceRequest;
import io.signalbox.hub.gateway.http.HttpGatewayMetrics.PollKind;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.polling.NextPoll;
import io.signalbox.hub.polling.PendingWork;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivery of commands to an HTTP device: at once, or when there are some. One request of the
 * device waits at a time; a newer one ends it.
 *
 * <p>Threading: the device's event loop.
 */
final class CommandDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(CommandDelivery.class);

  /** Number of newest commands from which the device's rhythm is restored. */
  private static final int RECALLED = 100;

  private final HttpDevice device;
  private final CommandService commands;
  private final DeviceAdmission admission;
  private final GatewaySettings settings;
  private final HttpGatewayMetrics metrics;
  private @Nullable HeldDeviceRequest heldRequest;

  /** Connection of the last response with commands; 0 if unknown. */
  private int lastConnection;

  /** Number of requests of the device; only its changes matter. */
  private int requestCount;

  CommandDelivery(
      HttpDevice device,
      CommandService commands,
      DeviceAdmission admission,
      GatewaySettings settings,
      HttpGatewayMetrics metrics) {
    this.device = device;
    this.commands = commands;
    this.admission = admission;
    this.settings = settings;
    this.metrics = metrics;
  }

  /** Until this is done the device counts as new; no request waits for it. */
  void restoreSchedule() {
    CommandQuery latest = new CommandQuery(device.id(), null, Set.of(), null, RECALLED);
    loop()
        .onLoop(commands.list(latest))
        .onSuccess(page -> device.schedule().restore(page.items()))
        .onFailure(unknown -> device.schedule().restoreEmpty());
  }

  /** Stores a command result; succeeds when it is durable. Fails as the command service does. */
  Future<Void> storeResult(Session session, CommandResult result) {
    return loop().onLoop(commands.result(session, result, false));
  }

  /**
   * Result of a poll.
   *
   * @param next when the device should poll again
   * @param unwritten returns the commands if the response could not be written; any thread
   */
  record PollResult(List<Command> commands, NextPoll next, Runnable unwritten) {}

  DeviceLoop loop() {
    return device.loop();
  }

  /** Whether a request of the device is held. */
  boolean isWaiting() {
    return heldRequest != null;
  }

  /**
   * Delivers due commands to the session; a request that is held gets no more.
   *
   * @param connection the number from {@link DeviceIdentity#connection}
   */
  Future<PollResult> poll(Session session, CommandPoll commandPoll, int connection) {
    displace();
    Receipt receipt = receipt(commandPoll, connection);
    boolean waits = commandPoll.waits() && !admission.isDraining();
    Future<PollResult> taken =
        waits
            ? awaitCommands(session, commandPoll, receipt)
            : fetched(session, commandPoll, receipt);
    return taken.onSuccess(given -> recordConnection(given, connection));
  }

  /**
   * What the device has received. Without a confirmation, a second request on the same connection
   * proves that the earlier response arrived.
   */
  private Receipt receipt(CommandPoll commandPoll, int connection) {
    Receipt said = commandPoll.receipt();
    if (said != null) {
      return said;
    }
    return connection != 0 && connection == lastConnection ? Receipt.ALL : Receipt.UNKNOWN;
  }

  private void recordConnection(PollResult given, int connection) {
    if (!given.commands().isEmpty()) {
      lastConnection = connection;
    }
  }

  private Future<PollResult> awaitCommands(
      Session session, CommandPoll commandPoll, Receipt receipt) {
    return holdPoll(session, commandPoll, receipt)
        .compose(
            delivered ->
                pendingWork(session, commandPoll, delivered)
                    .map(
                        pendingWork ->
                            result(session, commandPoll, delivered, pendingWork, PollKind.LONG)));
  }

  /** With commands, pending work is only estimated, so that the response is not delayed. */
  private Future<PendingWork> pendingWork(
      Session session, CommandPoll commandPoll, List<Command> delivered) {
    return delivered.isEmpty()
        ? loop()
            .onLoop(commands.backlog(session.device()))
            .map(left -> new PendingWork(left.due(), left.nextDue()))
            .otherwise(PendingWork.CLEAR)
        : Future.succeededFuture(new PendingWork(delivered.size() < commandPoll.most() ? 0 : 1, 0));
  }

  private Future<PollResult> fetched(Session session, CommandPoll commandPoll, Receipt receipt) {
    Future<List<Command>> fetch =
        loop().onLoop(commands.fetch(session, commandPoll.most(), lease(), receipt));
    Future<Backlog> backlog = loop().onLoop(commands.backlog(session.device()));
    return fetch.compose(
        delivered ->
            backlog.map(
                left ->
                    result(
                        session,
                        commandPoll,
                        delivered,
                        new PendingWork(left.due(), left.nextDue()),
                        commandPoll.pollKind())));
  }

  /** A newer request of the device ends the held one. */
  void displace() {
    HeldDeviceRequest before = heldRequest;
    heldRequest = null;
    if (before != null) {
      before.displace();
    }
  }

  private Future<List<Command>> holdPoll(
      Session session, CommandPoll commandPoll, Receipt receipt) {
    admission.acquireConnection();
    HeldPoll poll = new HeldPoll(session, commandPoll);
    heldRequest = poll;
    loop().hold(poll, commandPoll.waitTime());
    metrics.holds();
    device.pollingSession().markAwake();
    loop()
        .onLoop(commands.awaitCommands(session, commandPoll.most(), lease(), receipt, poll))
        .onFailure(refused -> poll.end(refusal(refused)));
    return poll.taken.future().onComplete(over -> released(poll));
  }

  private static Refusal refusal(Throwable failure) {
    return failure instanceof Refusal refusal
        ? refusal
        : new Refusal(ErrorCode.INTERNAL, "internal error while handling this poll");
  }

  /**
   * Opens a stream, which gets commands as they arrive, and the welcome first.
   *
   * @param asksSilentDevice whether the stream ends when the device has sent nothing for long
   */
  Future<Void> openStream(
      Session session, DeviceSseWriter events, @Nullable Receipt said, boolean asksSilentDevice) {
    displace();
    admission.acquireConnection();
    Receipt receipt = said == null ? Receipt.UNKNOWN : said;
    CommandStream stream =
        new CommandStream(device, commands, settings, session, events, asksSilentDevice);
    heldRequest = stream;
    metrics.holds();
    metrics.polled(PollKind.STREAM, false);
    device.pollingSession().markAwake();
    stream.begin();
    return device
        .twin()
        .get()
        .map(twin -> stream.welcome(twin, receipt))
        .onFailure(failed -> stream.stop());
  }

  /** Sends a desired state to an open stream. */
  void tell(Twin twin) {
    if (heldRequest instanceof CommandStream stream) {
      stream.events().desired(twin);
    }
  }

  /**
   * The client of the stream has disconnected, which ends the session unless the device has another
   * request.
   */
  void streamClosed(DeviceSseWriter events) {
    if (heldRequest instanceof CommandStream stream && stream.events() == events) {
      stream.stop();
      device.pollingSession().close(events.sessionEnd());
    }
  }

  /** Counts a request of the device. */
  void requestArrived() {
    requestCount++;
  }

  int requestCount() {
    return requestCount;
  }

  /** Releases a held request that has ended. */
  void released(HeldDeviceRequest over) {
    admission.releaseConnection();
    metrics.letsGo();
    if (over.equals(heldRequest)) {
      heldRequest = null;
    }
  }

  private PollResult result(
      Session session,
      CommandPoll commandPoll,
      List<Command> delivered,
      PendingWork pendingWork,
      PollKind pollKind) {
    metrics.polled(pollKind, !delivered.isEmpty());
    PollSchedule schedule = device.schedule();
    NextPoll next =
        admission.isDraining() ? schedule.displaced() : schedule.afterPoll(delivered, pendingWork);
    if (commandPoll.isAbandoned() && delivered.isEmpty()) {
      schedule.pending();
    }
    if (heldRequest == null) {
      device.pollingSession().markAsleep(schedule.expected());
    }
    device.pollingSession().polled(pollKind, next);
    return new PollResult(delivered, next, () -> returnUndelivered(session, delivered));
  }

  /** The client of a poll has disconnected. */
  void cancel(CommandPoll commandPoll) {
    if (heldRequest instanceof HeldPoll poll && poll.commandPoll == commandPoll) {
      poll.displace();
    }
  }

  /** Ends the held request because the session has ended. */
  void end(Refusal why) {
    HeldDeviceRequest held = heldRequest;
    heldRequest = null;
    if (held != null) {
      held.end(why);
    }
  }

  /** Requeues commands that did not reach the device. */
  private void returnUndelivered(Session session, List<Command> delivered) {
    commands.returnUndelivered(session, delivered).onFailure(CommandDelivery::leaveToLease);
  }

  private static void leaveToLease(Throwable refused) {
    LOG.debug("Commands could not be requeued: {}", refused.getMessage());
  }

  /** A polling device can answer with its next poll at the earliest. */
  private Duration lease() {
    Duration least = settings.commandLease();
    Duration twice = Duration.ofMillis(2 * device.schedule().interval());
    return twice.compareTo(least) > 0 ? twice : least;
  }

  /**
   * Held poll. It completes once: with commands; with none, because the wait is over, the client
   * has disconnected or the device has sent another poll; or with a refusal, because the session
   * has ended. Commands delivered later are returned to the queue.
   *
   * <p>Threading: the device's event loop, except {@link #deliver}.
   */
  private final class HeldPoll extends HeldDeviceRequest implements PollCommandSink {
    private final Session session;
    private final CommandPoll commandPoll;
    private final Promise<List<Command>> taken = Promise.promise();

    HeldPoll(Session session, CommandPoll commandPoll) {
      this.session = session;
      this.commandPoll = commandPoll;
    }

    @Override
    public void deliver(List<Command> delivered) {
      loop().context().runOnContext(turn -> take(delivered));
    }

    private void take(List<Command> delivered) {
      loop().letGo(this);
      if (!taken.tryComplete(delivered)) {
        returnUndelivered(session, delivered);
      }
    }

    @Override
    void timeUp() {
      displace();
    }

    /** Commands delivered at the same time are returned to the queue. */
    @Override
    void drain(int seconds) {
      taken.tryComplete(List.of());
      displace();
    }

    /** Commands delivered at the same time become the response. */
    @Override
    void displace() {
      loop().letGo(this);
      loop()
          .onLoop(commands.cancelPoll(session, this))
          .onComplete(released -> taken.tryComplete(List.of()));
    }

    @Override
    void end(Refusal why) {
      loop().letGo(this);
      taken.tryFail(why);
    }
  }
}

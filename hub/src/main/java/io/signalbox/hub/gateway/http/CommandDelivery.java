package io.signalbox.hub.gateway.http;

import io.signalbox.hub.command.Backlog;
import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.command.Receipt;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.gateway.DeviceAdmission;
import io.signalbox.hub.gateway.http.HeldDeviceRequest.CommandStream;
import io.signalbox.hub.gateway.http.HeldDeviceRequest.HeldCommandPoll;
import io.signalbox.hub.gateway.http.HttpGatewayMetrics.PollKind;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.polling.NextPoll;
import io.signalbox.hub.polling.PendingWork;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
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

  private final HttpDeviceRegistry devices;
  private final DeviceLoop loop;
  private final PollingSession pollingSession;
  private final PollSchedule schedule;
  private @Nullable HeldDeviceRequest heldRequest;

  /** Connection of the last response with commands; 0 if unknown. */
  private int lastConnection;

  /** Number of requests of the device; only its changes matter. */
  private int requestCount;

  CommandDelivery(
      HttpDeviceRegistry devices,
      DeviceLoop loop,
      PollingSession pollingSession,
      PollSchedule schedule) {
    this.devices = devices;
    this.loop = loop;
    this.pollingSession = pollingSession;
    this.schedule = schedule;
  }

  /**
   * Result of a poll.
   *
   * @param next when the device should poll again
   * @param unwritten returns the commands if the response could not be written; any thread
   */
  record PollResult(List<Command> commands, NextPoll next, Runnable unwritten) {}

  DeviceLoop loop() {
    return loop;
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
    boolean waits = commandPoll.waits() && !admission().isDraining();
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
            commands ->
                pendingWork(session, commandPoll, commands)
                    .map(
                        pendingWork ->
                            result(session, commandPoll, commands, pendingWork, PollKind.LONG)));
  }

  /** With commands, pending work is only estimated, so that the response is not delayed. */
  private Future<PendingWork> pendingWork(
      Session session, CommandPoll commandPoll, List<Command> commands) {
    return commands.isEmpty()
        ? loop.onLoop(commands().backlog(session.device()))
            .map(left -> new PendingWork(left.due(), left.nextDue()))
            .otherwise(PendingWork.CLEAR)
        : Future.succeededFuture(new PendingWork(commands.size() < commandPoll.most() ? 0 : 1, 0));
  }

  private Future<PollResult> fetched(Session session, CommandPoll commandPoll, Receipt receipt) {
    Future<List<Command>> fetch =
        loop.onLoop(commands().fetch(session, commandPoll.most(), lease(), receipt));
    Future<Backlog> backlog = loop.onLoop(commands().backlog(session.device()));
    return fetch.compose(
        commands ->
            backlog.map(
                left ->
                    result(
                        session,
                        commandPoll,
                        commands,
                        new PendingWork(left.due(), left.nextDue()),
                        commandPoll.pollKind())));
  }

  private void displace() {
    HeldDeviceRequest before = heldRequest;
    heldRequest = null;
    if (before != null) {
      before.displace();
    }
  }

  private Future<List<Command>> holdPoll(
      Session session, CommandPoll commandPoll, Receipt receipt) {
    admission().acquireConnection();
    HeldCommandPoll poll = new HeldCommandPoll(this, session, commandPoll);
    heldRequest = poll;
    loop.hold(poll, commandPoll.waitTime());
    devices.metrics().holds();
    pollingSession.markAwake();
    loop.onLoop(commands().awaitCommands(session, commandPoll.most(), lease(), receipt, poll))
        .onFailure(refused -> poll.end(refusal(refused)));
    return poll.taken().onComplete(over -> released(poll));
  }

  private static Refusal refusal(Throwable failure) {
    return failure instanceof Refusal refusal
        ? refusal
        : new Refusal(ErrorCode.INTERNAL, "internal error while handling this poll");
  }

  /** Creates a stream, which gets commands as they arrive; welcome and attach it next. */
  CommandStream stream(
      Session session, DeviceSseWriter events, @Nullable Receipt said, int connection) {
    displace();
    admission().acquireConnection();
    Receipt receipt = said == null ? Receipt.UNKNOWN : said;
    boolean polls = connection == 0 || !devices.kernelTells();
    CommandStream stream = new CommandStream(this, session, events, receipt, polls);
    heldRequest = stream;
    devices.metrics().holds();
    devices.metrics().polled(PollKind.STREAM, false);
    pollingSession.markAwake();
    stream.begin();
    return stream;
  }

  /** Sends a desired state to an open stream. */
  void tell(Twin twin) {
    if (heldRequest instanceof CommandStream stream) {
      stream.events().desired(twin);
    }
  }

  /** Starts to deliver commands to the stream. */
  void attach(CommandStream stream) {
    commands().attach(stream.session(), stream.receipt(), stream.events()::command);
  }

  /**
   * The client of the stream has disconnected, which ends the session unless the device has another
   * request.
   */
  void streamClosed(DeviceSseWriter events) {
    if (heldRequest instanceof CommandStream stream && stream.events() == events) {
      stream.stop();
      pollingSession.close(events.sessionEnd());
    }
  }

  /** Counts a request of the device. */
  void requestArrived() {
    requestCount++;
  }

  int requestCount() {
    return requestCount;
  }

  /** The stream has ended and its device should reopen it; until then it gets no commands. */
  void detachStream(CommandStream ended) {
    commands().detach(ended.session(), Cause.SILENT.text());
  }

  /** The device has not reopened its stream in time. */
  void streamTimedOut(CommandStream ended) {
    if (heldRequest == null && !ended.hasSpoken()) {
      pollingSession.close(Cause.SILENT);
    }
  }

  int heartbeatSeconds() {
    return admission().settings().heartbeatSeconds();
  }

  /** Releases a held request that has ended. */
  void released(HeldDeviceRequest over) {
    admission().releaseConnection();
    devices.metrics().letsGo();
    if (heldRequest == over) {
      heldRequest = null;
    }
  }

  private PollResult result(
      Session session,
      CommandPoll commandPoll,
      List<Command> commands,
      PendingWork pendingWork,
      PollKind pollKind) {
    devices.metrics().polled(pollKind, !commands.isEmpty());
    NextPoll next =
        admission().isDraining() ? schedule.displaced() : schedule.afterPoll(commands, pendingWork);
    if (commandPoll.isAbandoned() && commands.isEmpty()) {
      schedule.pending();
    }
    if (heldRequest == null) {
      pollingSession.markAsleep(schedule.expected());
    }
    pollingSession.polled(pollKind, next);
    return new PollResult(commands, next, () -> returnUndelivered(session, commands));
  }

  /** The client of a poll has disconnected. */
  void cancel(CommandPoll commandPoll) {
    if (heldRequest instanceof HeldCommandPoll poll && poll.isOf(commandPoll)) {
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

  /** Stops the wait of a poll; when this completes, the poll has all commands that it will get. */
  Future<Void> release(Session session, HeldCommandPoll poll) {
    return loop.onLoop(commands().cancelPoll(session, poll));
  }

  /** Requeues commands that did not reach the device. */
  void returnUndelivered(Session session, List<Command> commands) {
    commands().returnUndelivered(session, commands).onFailure(CommandDelivery::leaveToLease);
  }

  private static void leaveToLease(Throwable refused) {
    LOG.debug("Commands could not be requeued: {}", refused.getMessage());
  }

  /** A polling device can answer with its next poll at the earliest. */
  private Duration lease() {
    Duration least = admission().settings().commandLease();
    Duration twice = Duration.ofMillis(2 * schedule.interval());
    return twice.compareTo(least) > 0 ? twice : least;
  }

  private CommandService commands() {
    return admission().commands();
  }

  private DeviceAdmission admission() {
    return devices.admission();
  }
}

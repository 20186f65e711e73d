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
 * Where a visiting device is given its commands: at once, or when there are some. One request at a
 * time waits for them; the next one ends it.
 *
 * <p>Threading: the device's home.
 */
final class CommandDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(CommandDelivery.class);

  private final HttpDeviceRegistry devices;
  private final DeviceLoop loop;
  private final PollingSession pollingSession;
  private final PollSchedule schedule;
  private @Nullable HeldDeviceRequest heldRequest;

  /** The connection on which commands were given out last; 0 if that is not known. */
  private int lastConnection;

  /** How many requests of the device have come; only whether it changes counts. */
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
   * What a device takes along.
   *
   * @param next when it is to come again
   * @param unwritten gives the commands back, should they not reach it; for any thread
   */
  record PollResult(List<Command> commands, NextPoll next, Runnable unwritten) {}

  DeviceLoop loop() {
    return loop;
  }

  /** Whether a request of the device waits here. */
  boolean isWaiting() {
    return heldRequest != null;
  }

  /**
   * What is due is given out for the session; a request that waits is given nothing more.
   *
   * @param connection of {@link DeviceIdentity#connection}
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
   * Where the device says nothing, its connection does: what was answered on the same one before
   * comes before what is answered now, or neither comes.
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

  /** Who is woken by commands is not kept waiting for what else there may be. */
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
        : new Refusal(ErrorCode.INTERNAL, "the hub failed on this poll");
  }

  /** A stream takes whatever comes, as a connection does; it is to be welcomed and attached. */
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

  /** What operators want of the device, for who is listening. */
  void tell(Twin twin) {
    if (heldRequest instanceof CommandStream stream) {
      stream.events().desired(twin);
    }
  }

  /** From now on what is due goes to the stream. */
  void attach(CommandStream stream) {
    commands().attach(stream.session(), stream.receipt(), stream.events()::command);
  }

  /** The client of that stream is gone, and with it the session, unless it goes on otherwise. */
  void streamClosed(DeviceSseWriter events) {
    if (heldRequest instanceof CommandStream stream && stream.events() == events) {
      stream.stop();
      pollingSession.close(events.cause());
    }
  }

  /** The device has made a request. */
  void requestArrived() {
    requestCount++;
  }

  int requestCount() {
    return requestCount;
  }

  /** That stream has ended, and its device is to open another: meanwhile it is given nothing. */
  void detachStream(CommandStream ended) {
    commands().detach(ended.session(), "silent");
  }

  /** The device has had time to open another stream. */
  void streamTimedOut(CommandStream ended) {
    if (heldRequest == null && !ended.hasSpoken()) {
      pollingSession.close("silent");
    }
  }

  int heartbeatSeconds() {
    return admission().settings().heartbeatSeconds();
  }

  /** What kept the device here is over. */
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

  /** The client that has asked so is gone. */
  void cancel(CommandPoll commandPoll) {
    if (heldRequest instanceof HeldCommandPoll poll && poll.isOf(commandPoll)) {
      poll.displace();
    }
  }

  /** The session is over. */
  void end(Refusal why) {
    HeldDeviceRequest held = heldRequest;
    heldRequest = null;
    if (held != null) {
      held.end(why);
    }
  }

  /** A poll waits no longer; whatever it gets it has been given when this completes. */
  Future<Void> release(Session session, HeldCommandPoll poll) {
    return loop.onLoop(commands().cancelPoll(session, poll));
  }

  /** Commands that were given out did not reach the device. */
  void returnUndelivered(Session session, List<Command> commands) {
    commands().returnUndelivered(session, commands).onFailure(CommandDelivery::leaveToLease);
  }

  private static void leaveToLease(Throwable refused) {
    LOG.debug("Commands could not be given back: {}", refused.getMessage());
  }

  /** A device cannot answer by a poll before it polls again. */
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

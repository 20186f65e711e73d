package io.signalbox.hub.gateway.http;

import io.signalbox.hub.command.Receipt;
import io.signalbox.hub.devicetype.TelemetryRules;
import io.signalbox.hub.fleet.DescriptionStore.StoredDescription;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.gateway.GatewaySettings;
import io.signalbox.hub.gateway.RateLimiter;
import io.signalbox.hub.gateway.TimestampAssigner;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Precondition;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.polling.NextPoll;
import io.signalbox.hub.telemetry.TelemetryIngest;
import io.signalbox.hub.wire.ExchangeRequest;
import io.signalbox.hub.wire.TelemetryPayload;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * State of an HTTP device between two requests. Uploads and results do not affect the device's
 * session; a request for commands takes the session over, as a connection does.
 *
 * <p>Threading: the device's event loop. Thousands of devices are asleep, so every field counts.
 */
final class HttpDevice {
  private final HttpDeviceRegistry devices;
  private final DeviceLoop loop;
  private final PollingSession pollingSession;
  private final PollSchedule schedule;
  private final CommandDelivery delivery;
  private final DeviceTwin twin;
  private Device device;
  private long rateLimitNanos;
  private long lastTimestamp;
  private int activeRequests;
  private boolean evictionPending;
  private boolean gone;

  HttpDevice(
      HttpDeviceRegistry devices,
      HttpDeviceRegistry.Services services,
      Device device,
      DeviceLoop loop) {
    this.devices = devices;
    this.device = device;
    this.loop = loop;
    this.pollingSession =
        new PollingSession(services.admission(), services.sessions(), services.eventLog(), this);
    this.schedule = new PollSchedule(services.planner(), services.clock(), device);
    this.delivery =
        new CommandDelivery(
            this,
            services.commands(),
            services.admission(),
            services.settings(),
            services.metrics());
    this.twin = new DeviceTwin(services.twins(), loop, device.id());
    delivery.restoreSchedule();
  }

  String id() {
    return device.id();
  }

  DeviceLoop loop() {
    return loop;
  }

  PollingSession pollingSession() {
    return pollingSession;
  }

  PollSchedule schedule() {
    return schedule;
  }

  CommandDelivery delivery() {
    return delivery;
  }

  DeviceTwin twin() {
    return twin;
  }

  /** Whether it was evicted, so that requests go to its successor. */
  boolean isGone() {
    return gone;
  }

  /** Runs a request of the device. */
  <T> Future<T> handle(DeviceIdentity caller, Function<HttpDevice, Future<T>> task) {
    device = caller.device();
    activeRequests++;
    return DeviceLoop.attempt(() -> task.apply(this)).onComplete(done -> requestEnded());
  }

  private void requestEnded() {
    activeRequests--;
    if (activeRequests == 0 && pollingSession.isAwake()) {
      // The request failed; mark the device as asleep again.
      markAsleep();
    }
    scheduleEviction();
  }

  /** The session has ended, and with it the held request. */
  void sessionEnded(SessionEnd end) {
    twin.forget();
    if (end instanceof SessionEnd.Replaced && pollingSession.hasMoved()) {
      // As another request to this node does: behind a load balancer the next may reach any node.
      delivery.displace();
    }
    delivery.end(new Refusal(errorCode(end), "the device's session has ended: " + end.text()));
    scheduleEviction();
  }

  private static ErrorCode errorCode(SessionEnd end) {
    return switch (end) {
      case Cause cause ->
          switch (cause) {
            case REVOKED, DELETED -> ErrorCode.UNAUTHENTICATED;
            case DISABLED -> ErrorCode.DISABLED;
            case NODE_LOST -> ErrorCode.UNAVAILABLE; // no other device has the session
            case CLOSED, LOST, SILENT, OVERDUE, DRAINING, HUB_RESTARTED -> ErrorCode.CONFLICT;
          };
      case SessionEnd.Replaced replaced -> ErrorCode.CONFLICT;
      case SessionEnd.ClosedWithCode closed -> ErrorCode.CONFLICT;
      case SessionEnd.Unknown unknown -> ErrorCode.CONFLICT;
    };
  }

  private void scheduleEviction() {
    if (activeRequests == 0 && !pollingSession.hasSession() && !evictionPending) {
      evictionPending = true;
      loop.evictLater(this);
    }
  }

  /** Evicts the device if it is still idle. */
  void evictIfIdle() {
    evictionPending = false;
    if (activeRequests == 0 && !pollingSession.hasSession()) {
      gone = true;
      devices.forget(this);
    }
  }

  /**
   * Stores readings. Succeeds with the time of the next poll when they are durable. Fails with
   * {@code RATE_LIMITED}, {@code INVALID_READINGS} or {@code UNAVAILABLE}; then nothing is stored.
   */
  Future<Optional<NextPoll>> upload(DeviceIdentity caller, TelemetryPayload payload) {
    checkRate(payload.readings().size());
    return pollingSession
        .sessionFor(caller)
        .compose(session -> store(payload))
        .map(kept -> markAsleep());
  }

  /**
   * Succeeds when the readings are durable. Fails with {@code INVALID_READINGS} if the device's
   * type refuses them, and with {@code UNAVAILABLE} while the store is behind.
   */
  Future<Void> store(TelemetryPayload payload) {
    return devices.strict().isEmpty()
        ? store(payload, null)
        : loop.onLoop(devices.strict().rulesOf(device))
            .compose(rules -> store(payload, rules.orElse(null)));
  }

  private Future<Void> store(TelemetryPayload payload, @Nullable TelemetryRules rules) {
    if (loop.ingest().isFull()) {
      throw new Refusal(ErrorCode.UNAVAILABLE, "the store is overloaded; send the readings again");
    }
    UploadAck kept = new UploadAck();
    loop.ingest().skipped(payload.skipped());
    TelemetryMessage message = new TelemetryMessage(id(), stamped(payload.readings()));
    loop.ingest().accept(message, rules, kept, 0);
    if (!payload.units().isEmpty()) {
      devices.units().note(id(), payload.units());
    }
    return kept.promise.future();
  }

  /** One upload on its way to the store, which succeeds when it is durable. */
  private static final class UploadAck implements TelemetryIngest.AckListener {
    private final Promise<Void> promise = Promise.promise();

    @Override
    public void stored(long seq) {
      promise.complete();
    }

    @Override
    public void refused(long seq, Refusal refusal) {
      promise.fail(refusal);
    }

    @Override
    public void settled() {}
  }

  /** Marks the device as asleep; returns the time of its next poll unless it has a connection. */
  private Optional<NextPoll> markAsleep() {
    if (pollingSession.session() == null || delivery.isWaiting()) {
      return Optional.empty();
    }
    NextPoll next = schedule.afterUpload();
    pollingSession.markAsleep(schedule.expected());
    return Optional.of(next);
  }

  private List<Reading> stamped(List<Reading> readings) {
    if (!TimestampAssigner.isNeeded(readings)) {
      return readings;
    }
    lastTimestamp = TimestampAssigner.next(lastTimestamp, devices.now());
    return TimestampAssigner.on(readings, lastTimestamp);
  }

  /** Stores a command result; succeeds when it is durable. Fails as the command service does. */
  Future<Optional<NextPoll>> postResult(DeviceIdentity caller, CommandResult result) {
    checkRate(1);
    return pollingSession
        .sessionFor(caller)
        .compose(session -> delivery.storeResult(session, result))
        .map(kept -> markAsleep());
  }

  /** Reads the twin. */
  Future<Twin> getTwin(DeviceIdentity caller) {
    checkRate(1);
    return pollingSession
        .sessionFor(caller)
        .compose(session -> twin.get())
        .onSuccess(read -> markAsleep());
  }

  /** Applies a merge patch to the reported state. */
  Future<Twin> patchReported(DeviceIdentity caller, String patch, Precondition precondition) {
    checkRate(1);
    return pollingSession
        .sessionFor(caller)
        .compose(session -> twin.patchReported(patch, precondition))
        .onSuccess(kept -> markAsleep());
  }

  /** Stores what the device says of itself; succeeds with its version. */
  Future<Long> describe(DeviceIdentity caller, String description) {
    checkRate(GatewaySettings.DESCRIPTION_COST);
    return pollingSession
        .sessionFor(caller)
        .compose(session -> describe(description))
        .onSuccess(kept -> markAsleep());
  }

  Future<Long> describe(String description) {
    return loop.onLoop(devices.descriptions().put(id(), description))
        .map(StoredDescription::version);
  }

  /** Polls for commands, and takes over the device's session. */
  Future<CommandDelivery.PollResult> poll(DeviceIdentity caller, CommandPoll commandPoll) {
    checkRate(1);
    return take(caller)
        .compose(session -> delivery.poll(session, commandPoll, caller.connection()));
  }

  private Future<Session> take(DeviceIdentity caller) {
    return pollingSession.claim(caller, delivery.isWaiting(), schedule.isEarly());
  }

  /** Runs an exchange, which takes over the session as well. */
  Future<ExchangeProcessor.ExchangeResult> exchange(
      DeviceIdentity caller, ExchangeRequest brought) {
    int readings = brought.telemetry().readings().size();
    int described = brought.description() == null ? 0 : GatewaySettings.DESCRIPTION_COST;
    checkRate(Math.max(1, readings + described));
    return take(caller)
        .compose(
            session ->
                new ExchangeProcessor(devices, this, session, brought, caller.connection()).run());
  }

  /** Opens a stream in the device's session. */
  Future<Void> openStream(DeviceIdentity caller, DeviceSseWriter events, @Nullable Receipt said) {
    checkRate(1);
    boolean asksSilentDevice = caller.connection() == 0 || !devices.kernelDetectsLostPeers();
    return take(caller)
        .compose(session -> delivery.openStream(session, events, said, asksSilentDevice));
  }

  /** The twin has changed. */
  void changed(Twin changed) {
    twin.changed(changed);
    delivery.tell(changed);
  }

  /** The client of a stream has disconnected. */
  Future<Void> streamClosed(DeviceSseWriter events) {
    delivery.streamClosed(events);
    return Future.succeededFuture();
  }

  /** The client of a poll has disconnected. */
  Future<Void> cancelled(CommandPoll commandPoll) {
    delivery.cancel(commandPoll);
    return Future.succeededFuture();
  }

  /** Every request has a cost, so that a flood of empty ones is slowed down as well. */
  void checkRate(int readings) {
    delivery.requestArrived();
    RateLimiter rateLimiter = devices.rateLimiter();
    long now = System.nanoTime();
    long excess = rateLimiter.excess(rateLimitNanos, now);
    if (excess > 0) {
      int most = rateLimiter.perSecond();
      throw new Refusal(
              ErrorCode.RATE_LIMITED, "the limit of " + most + " readings per second is exceeded")
          .retryIn((int) Math.ceilDiv(excess, 1_000_000_000L));
    }
    rateLimitNanos = rateLimiter.after(rateLimitNanos, now, readings);
  }
}

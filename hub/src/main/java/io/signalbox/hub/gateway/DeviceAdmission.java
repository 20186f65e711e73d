package io.signalbox.hub.gateway;

import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.fleet.EvictionListener;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.fleet.SessionRegistry;
import io.signalbox.hub.fleet.TwinService;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.recorder.FlightRecorder;
import io.signalbox.hub.wire.DeviceFrameCodec;
import io.signalbox.hub.wire.PayloadLimits;
import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Lets devices in, the same way for every transport: who is it, is there room, which session is it
 * now. The rooms that a session talks to are reached through here. One for the node.
 *
 * <p>Threading: any thread; futures complete on any thread.
 */
public final class DeviceAdmission {
  private final DeviceRegistry registry;
  private final SessionRegistry sessions;
  private final TwinService twins;
  private final CommandService commands;
  private final GatewayEventLog eventLog;
  private final GatewaySettings settings;
  private final PayloadLimits limits;
  private final RateLimiter rateLimiter;
  private final AtomicInteger connectionCount = new AtomicInteger();
  private volatile boolean draining;

  /** A reception in front of these rooms. */
  public DeviceAdmission(
      DeviceRegistry registry,
      SessionRegistry sessions,
      TwinService twins,
      CommandService commands,
      FlightRecorder recorder,
      GatewaySettings settings) {
    this.registry = registry;
    this.sessions = sessions;
    this.twins = twins;
    this.commands = commands;
    this.eventLog = new GatewayEventLog(recorder);
    this.settings = settings;
    this.limits = limitsOf(settings);
    // A burst must hold the largest message, or a device could never send it.
    int burst = Math.max(2 * settings.readingsPerSecond(), settings.maxReadings());
    this.rateLimiter = new RateLimiter(settings.readingsPerSecond(), burst);
  }

  private static PayloadLimits limitsOf(GatewaySettings settings) {
    PayloadLimits standard = PayloadLimits.STANDARD;
    return new PayloadLimits(
        settings.maxReadings(),
        settings.maxFrameBytes(),
        standard.futureMillis(),
        standard.textBytes(),
        standard.jsonBytes(),
        standard.nameLength());
  }

  /**
   * Lets a device in by its key. Fails with {@code UNAUTHENTICATED}, {@code DISABLED}, {@code
   * TOO_FAST} or {@code UNAVAILABLE}. Its session must be ended again with {@link #releaseSession}.
   */
  public Future<Session> openSession(
      @Nullable String key, Transport transport, String address, EvictionListener eviction) {
    if (key == null) {
      return Future.failedFuture(noKey());
    }
    return admit(key, transport, address, eviction)
        .onSuccess(eventLog::arrived)
        .onFailure(refused -> recordRejection(key, transport, address, refused));
  }

  private static Refusal noKey() {
    return new Refusal(
        ErrorCode.UNAUTHENTICATED,
        "no key: send Authorization: Bearer <device key>, or Basic with the key as password");
  }

  private Future<Session> admit(
      String key, Transport transport, String address, EvictionListener eviction) {
    try {
      acquireConnection();
    } catch (Refusal full) {
      return Future.failedFuture(full);
    }
    return registry
        .authenticate(key)
        .compose(device -> sessions.open(device.id(), transport, address, eviction))
        .compose(session -> recheckKey(key, session))
        .onFailure(refused -> releaseConnection());
  }

  /**
   * A connection, or a request that is held, takes its place. Throws {@code UNAVAILABLE}; otherwise
   * it is to be given back with {@link #releaseConnection}.
   */
  public void acquireConnection() {
    if (draining) {
      throw new Refusal(ErrorCode.UNAVAILABLE, "the hub is going down");
    }
    if (connectionCount.incrementAndGet() > settings.maxConnections()) {
      connectionCount.decrementAndGet();
      throw new Refusal(ErrorCode.UNAVAILABLE, "the hub holds as many connections as it may");
    }
  }

  /** The place is free again. */
  public void releaseConnection() {
    connectionCount.decrementAndGet();
  }

  /**
   * Whose key it is, for a device that shows it with every request. {@code UNAUTHENTICATED}, {@code
   * DISABLED}.
   */
  public Future<Device> authenticate(@Nullable String key, String address) {
    return key == null
        ? Future.failedFuture(noKey())
        : registry
            .authenticate(key)
            .onFailure(refused -> recordRejection(key, Transport.HTTP, address, refused));
  }

  /**
   * Opens a session for a device that comes and goes: it has no seat, and must be ended with {@link
   * #closeSession}. Refuses as {@link #openSession} does.
   */
  public Future<Session> openPollingSession(
      String key, String device, String address, EvictionListener eviction) {
    return sessions
        .open(device, Transport.HTTP, address, eviction)
        .compose(session -> recheckKey(key, session))
        .onSuccess(eventLog::arrived)
        .onFailure(refused -> recordRejection(key, Transport.HTTP, address, refused));
  }

  /** A key may have been revoked after it was looked at and before there was a session to end. */
  private Future<Session> recheckKey(String key, Session session) {
    return registry
        .authenticate(key)
        .map(session)
        .onFailure(revoked -> sessions.close(session, "revoked"));
  }

  /** Notes that a device was not let in, if the key is one's. */
  public void recordRejection(
      @Nullable String key, Transport transport, String address, Throwable refused) {
    if (key != null && refused instanceof Refusal refusal) {
      deviceOf(key, refusal)
          .onSuccess(device -> eventLog.rejected(device, transport, address, refusal));
    }
  }

  /** A wrong key is looked up no second time, however many come. */
  private Future<String> deviceOf(String key, Refusal refusal) {
    return refusal.kind() == ErrorCode.UNAUTHENTICATED
        ? registry.formerHolder(key)
        : registry.holder(key).map(Device::id);
  }

  /**
   * Sees a guest out; its unanswered commands wait for its next session.
   *
   * @param cause one of presence's
   * @param detail what the connection's end was told along; may be empty
   */
  public void releaseSession(Session session, String cause, String detail) {
    releaseConnection();
    closeSession(session, cause, detail);
  }

  /** The same of a session without a seat. */
  public void closeSession(Session session, String cause, String detail) {
    String why = draining ? "draining" : cause;
    commands.detach(session, why);
    sessions.close(session, why);
    Presence now = sessions.of(session.device());
    boolean its = now.session() == session.epoch();
    if (!its && now.state() != Presence.State.OFFLINE) {
      eventLog.replaced(session, now);
    } else {
      eventLog.left(session, its ? now.cause() : why, detail);
    }
  }

  /** A session that another has replaced has answered when it was told. */
  public void confirmAlive(Session displaced) {
    sessions.confirmAlive(displaced);
  }

  /** Lets nobody in any more. */
  public void drain() {
    draining = true;
  }

  /** How many devices are inside, or about to be. */
  public int connectionCount() {
    return connectionCount.get();
  }

  /** What a device may say at once. */
  public PayloadLimits limits() {
    return limits;
  }

  /** What a device is told when its session begins. */
  public DeviceFrameCodec.Welcome welcome(Session session, Twin twin) {
    return new DeviceFrameCodec.Welcome(
        session.device(),
        session.epoch(),
        settings.heartbeatSeconds(),
        limits,
        settings.readingsPerSecond(),
        twin);
  }

  /** The settings of the gateway. */
  public GatewaySettings settings() {
    return settings;
  }

  /** How much a device may send. */
  public RateLimiter rateLimiter() {
    return rateLimiter;
  }

  /** Who tells the flight recorder. */
  public GatewayEventLog eventLog() {
    return eventLog;
  }

  /** Who is here. */
  public SessionRegistry sessions() {
    return sessions;
  }

  /** Whether nobody is let in any more. */
  public boolean isDraining() {
    return draining;
  }

  /** The twins. */
  public TwinService twins() {
    return twins;
  }

  /** The commands. */
  public CommandService commands() {
    return commands;
  }
}

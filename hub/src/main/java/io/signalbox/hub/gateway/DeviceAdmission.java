package io.signalbox.hub.gateway;

import io.signalbox.hub.command.CommandService;
import io.signalbox.hub.fleet.DeviceRegistry;
import io.signalbox.hub.fleet.EvictionListener;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.fleet.SessionRegistry;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.Transport;
import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Admission of devices, the same for every transport: checks the key and the connection limit,
 * opens sessions and ends them. One instance per node.
 *
 * <p>Threading: any thread; futures complete on any thread.
 */
public final class DeviceAdmission {
  private final DeviceRegistry registry;
  private final SessionRegistry sessions;
  private final CommandService commands;
  private final GatewayEventLog eventLog;
  private final GatewaySettings settings;
  private final AtomicInteger connectionCount = new AtomicInteger();
  private volatile boolean draining;

  /** Admission to these services. */
  public DeviceAdmission(
      DeviceRegistry registry,
      SessionRegistry sessions,
      CommandService commands,
      GatewayEventLog eventLog,
      GatewaySettings settings) {
    this.registry = registry;
    this.sessions = sessions;
    this.commands = commands;
    this.eventLog = eventLog;
    this.settings = settings;
  }

  /**
   * Opens a session for the device of a key. Fails with {@code UNAUTHENTICATED}, {@code DISABLED},
   * {@code RATE_LIMITED} or {@code UNAVAILABLE}. End the session with {@link #releaseSession}.
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
        "key missing; send Authorization: Bearer <device key>, or Basic with the key as password");
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
   * Counts a connection or a held request. Throws {@code UNAVAILABLE} at the limit; otherwise call
   * {@link #releaseConnection} later.
   */
  public void acquireConnection() {
    if (draining) {
      throw new Refusal(ErrorCode.UNAVAILABLE, "the hub is shutting down");
    }
    if (connectionCount.incrementAndGet() > settings.maxConnections()) {
      connectionCount.decrementAndGet();
      throw new Refusal(
          ErrorCode.UNAVAILABLE, "the connection limit is reached (gateway.maxConnections)");
    }
  }

  /** Releases a counted connection. */
  public void releaseConnection() {
    connectionCount.decrementAndGet();
  }

  /**
   * The device of a key, for devices that send it with every request. Fails with {@code
   * UNAUTHENTICATED} or {@code DISABLED}.
   */
  public Future<Device> authenticate(@Nullable String key, String address) {
    return key == null
        ? Future.failedFuture(noKey())
        : registry
            .authenticate(key)
            .onFailure(refused -> recordRejection(key, Transport.HTTP, address, refused));
  }

  /**
   * Opens a session for a polling device, which is not counted as a connection; end it with {@link
   * #closeSession}. Fails as {@link #openSession} does.
   */
  public Future<Session> openPollingSession(
      String key, String device, String address, EvictionListener eviction) {
    return sessions
        .open(device, Transport.HTTP, address, eviction)
        .compose(session -> recheckKey(key, session))
        .onSuccess(eventLog::arrived)
        .onFailure(refused -> recordRejection(key, Transport.HTTP, address, refused));
  }

  /**
   * The present session of a device that uploads, on any node and over any transport; a new one as
   * of {@link #openPollingSession} if it has none.
   */
  public Future<Session> openPollingSessionIfAbsent(
      String key, String device, String address, EvictionListener eviction) {
    return sessions
        .openIfAbsent(device, address, eviction)
        .compose(
            session ->
                sessions.isCurrent(session)
                    ? arrived(key, session)
                    : Future.succeededFuture(session))
        .onFailure(refused -> recordRejection(key, Transport.HTTP, address, refused));
  }

  private Future<Session> arrived(String key, Session session) {
    return recheckKey(key, session).onSuccess(eventLog::arrived);
  }

  /**
   * Repeats the check: the key may have been revoked before the session existed and could be ended.
   */
  private Future<Session> recheckKey(String key, Session session) {
    return registry
        .authenticate(key)
        .map(session)
        .onFailure(revoked -> sessions.close(session, Cause.REVOKED));
  }

  /** Records a rejected connection in the flight recorder, if the key belongs to a device. */
  public void recordRejection(
      @Nullable String key, Transport transport, String address, Throwable refused) {
    if (key != null && refused instanceof Refusal refusal) {
      deviceOf(key, refusal)
          .onSuccess(device -> eventLog.rejected(device, transport, address, refusal));
    }
  }

  /** A wrong key is not looked up again, so that a flood of them stays cheap. */
  private Future<String> deviceOf(String key, Refusal refusal) {
    return refusal.kind() == ErrorCode.UNAUTHENTICATED
        ? registry.formerHolder(key)
        : registry.holder(key).map(Device::id);
  }

  /**
   * Ends a session; its unanswered commands wait for the next one.
   *
   * @param detail text that came with the end of the connection; may be empty
   */
  public void releaseSession(Session session, SessionEnd end, String detail) {
    releaseConnection();
    closeSession(session, end, detail);
  }

  /** The same for a session that is not counted as a connection. */
  public void closeSession(Session session, SessionEnd end, String detail) {
    SessionEnd why = draining ? Cause.DRAINING : end;
    commands.detach(session, why);
    sessions.close(session, why);
    Presence now = sessions.presence().of(session.device());
    boolean its = now.session() == session.epoch();
    if (!its && now.state() != Presence.State.OFFLINE) {
      eventLog.replaced(session, now);
    } else {
      SessionEnd first = its ? now.end() : null;
      eventLog.left(session, first == null ? why : first, detail);
    }
  }

  /** Notes that a replaced session has answered its close frame, so its device was alive. */
  public void confirmAlive(Session displaced) {
    sessions.confirmAlive(displaced);
  }

  /** Stops admission during a shutdown. */
  public void drain() {
    draining = true;
  }

  /** Number of connected devices, including those being admitted. */
  public int connectionCount() {
    return connectionCount.get();
  }

  /** Whether admission has stopped. */
  public boolean isDraining() {
    return draining;
  }
}

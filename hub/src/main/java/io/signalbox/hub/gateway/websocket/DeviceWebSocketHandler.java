package io.signalbox.hub.gateway.websocket;

import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.gateway.DeviceAdmission;
import io.signalbox.hub.gateway.DeviceSession;
import io.signalbox.hub.http.AuthorizationHeader;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.telemetry.TelemetryIngest;
import io.signalbox.hub.websocket.CloseCode;
import io.signalbox.hub.websocket.WebSocketConnection;
import io.signalbox.hub.websocket.WebSocketLoop;
import io.signalbox.hub.websocket.WebSocketUpgrade;
import io.signalbox.hub.wire.DeviceFrameCodec;
import io.signalbox.hub.wire.Encoding;
import io.signalbox.hub.wire.PayloadLimits;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * WebSocket endpoint of devices, one instance per event loop.
 *
 * <p>A device is authenticated before its handshake is answered, so that every refusal is an HTTP
 * status with a problem document.
 *
 * <p>Threading: the event loop only.
 */
public final class DeviceWebSocketHandler {
  /** Path of the endpoint. */
  public static final String PATH = "/device/v1/stream";

  /** Subprotocols of devices. */
  public static final List<String> SUBPROTOCOLS =
      Stream.of(Encoding.values()).map(Encoding::subprotocol).toList();

  private static final int RETURN_WITHIN_SECONDS = 30;

  private final WebSocketLoop loop;
  private final DeviceAdmission admission;
  private final TelemetryIngest intake;
  private final HubClock clock;
  private final Map<String, DeviceSession> sessions = new HashMap<>();

  /** Creates the endpoint of an event loop; the topic reports changed twins. */
  public DeviceWebSocketHandler(
      WebSocketLoop loop,
      DeviceAdmission admission,
      TelemetryIngest intake,
      Topic<Event.TwinChanged> twins,
      HubClock clock) {
    this.loop = loop;
    this.clock = clock;
    this.admission = admission;
    this.intake = intake;
    twins.subscribe(this::pushDesired);
  }

  /** Arrival time of a message, Unix milliseconds. */
  long now() {
    return clock.stampMillis();
  }

  /** Accepts a device. Fails with a refusal, which the caller writes. */
  public Future<Void> open(HttpServerRequest request) {
    WebSocketUpgrade upgrade = WebSocketUpgrade.of(request);
    String address = upgrade.address();
    String key = key(upgrade);
    DeviceWebSocket socket = new DeviceWebSocket(this, encoding(upgrade, key, address));
    return onLoop(admission.openSession(key, Transport.WEBSOCKET, address, socket))
        .map(session -> new DeviceSession(admission, intake, context(), session, socket))
        .compose(session -> acquireConnection(upgrade, session, socket));
  }

  private static @Nullable String key(WebSocketUpgrade upgrade) {
    String key = AuthorizationHeader.key(upgrade.request());
    return key == null ? upgrade.offeredKey() : key;
  }

  private Future<Void> acquireConnection(
      WebSocketUpgrade upgrade, DeviceSession session, DeviceWebSocket socket) {
    // From here on the session receives changes, so none is lost between reading the twin and the
    // welcome.
    sessions.put(session.device(), session);
    return onLoop(session.twin())
        .compose(twin -> upgrade.accept(loop).map(socketOf(session, socket, twin)))
        .onFailure(gone -> leave(session));
  }

  private static Function<WebSocketConnection, @Nullable Void> socketOf(
      DeviceSession session, DeviceWebSocket socket, Twin twin) {
    return accepted -> {
      socket.start(accepted, session, twin);
      return null;
    };
  }

  private void leave(DeviceSession session) {
    removeSession(session);
    session.ended(SessionEnd.Cause.LOST, "before the end of the handshake");
  }

  private <T> Future<T> onLoop(Future<T> anywhere) {
    return Contexts.resumeOn(context(), anywhere);
  }

  private Encoding encoding(WebSocketUpgrade upgrade, @Nullable String key, String address) {
    String selected = upgrade.select(SUBPROTOCOLS);
    for (Encoding encoding : Encoding.values()) {
      if (encoding.subprotocol().equals(selected)) {
        return encoding;
      }
    }
    String wanted =
        "unsupported or missing subprotocol; expected one of " + String.join(", ", SUBPROTOCOLS);
    Refusal refusal = new Refusal(ErrorCode.BAD_SUBPROTOCOL, "Sec-WebSocket-Protocol", wanted);
    admission.recordRejection(key, Transport.WEBSOCKET, address, refusal);
    throw refusal;
  }

  private void pushDesired(Event.TwinChanged change) {
    DeviceSession session = sessions.get(change.device());
    if (session != null) {
      session.desired(change.twin());
    }
  }

  /** Removes a session whose connection has ended. */
  void removeSession(DeviceSession session) {
    sessions.remove(session.device(), session);
  }

  /** Disconnects all devices, with reconnect times spread over seconds. */
  public void drain() {
    loop.close(CloseCode.GOING_AWAY, DeviceWebSocketHandler::unavailable);
  }

  private static String unavailable() {
    int seconds = ThreadLocalRandom.current().nextInt(1, RETURN_WITHIN_SECONDS + 1);
    return "the hub is shutting down; Retry-After: " + seconds;
  }

  DeviceFrameCodec.Welcome welcome(DeviceSession session, Twin twin) {
    return admission.welcome(session.session(), twin);
  }

  PayloadLimits limits() {
    return admission.limits();
  }

  Context context() {
    return loop.context();
  }
}

package io.signalbox.hub.gateway.websocket;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.gateway.DeviceAdmission;
import io.signalbox.hub.gateway.DeviceSession;
import io.signalbox.hub.gateway.DeviceSessions;
import io.signalbox.hub.gateway.GatewaySettings;
import io.signalbox.hub.http.AuthorizationHeader;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.model.Twin;
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
import java.util.List;
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
  private final DeviceSessions sessions;
  private final GatewaySettings settings;
  private final PayloadLimits limits;
  private final HubClock clock;

  /** Creates the endpoint of an event loop, which opens sessions in these. */
  public DeviceWebSocketHandler(
      WebSocketLoop loop,
      DeviceAdmission admission,
      DeviceSessions sessions,
      GatewaySettings settings,
      HubClock clock) {
    this.loop = loop;
    this.admission = admission;
    this.sessions = sessions;
    this.settings = settings;
    this.limits = settings.limits();
    this.clock = clock;
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
    return sessions
        .open(key, Transport.WEBSOCKET, address, socket)
        .compose(session -> accept(upgrade, session, socket));
  }

  private static @Nullable String key(WebSocketUpgrade upgrade) {
    String key = AuthorizationHeader.key(upgrade.request());
    return key == null ? upgrade.offeredKey() : key;
  }

  /** The session gets changes already: none is lost between reading the twin and the welcome. */
  private Future<Void> accept(
      WebSocketUpgrade upgrade, DeviceSession session, DeviceWebSocket socket) {
    return session
        .twin()
        .compose(twin -> upgrade.accept(loop).map(socketOf(session, socket, twin)))
        .onFailure(gone -> session.ended(SessionEnd.Cause.LOST, "before the end of the handshake"));
  }

  private static Function<WebSocketConnection, @Nullable Void> socketOf(
      DeviceSession session, DeviceWebSocket socket, Twin twin) {
    return accepted -> {
      socket.start(accepted, session, twin);
      return null;
    };
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

  /** Disconnects all devices, with reconnect times spread over seconds. */
  public void drain() {
    loop.close(CloseCode.GOING_AWAY, DeviceWebSocketHandler::unavailable);
  }

  private static String unavailable() {
    int seconds = ThreadLocalRandom.current().nextInt(1, RETURN_WITHIN_SECONDS + 1);
    return "the hub is shutting down; Retry-After: " + seconds;
  }

  DeviceFrameCodec.Welcome welcome(DeviceSession session, Twin twin) {
    return settings.welcome(session.session(), twin);
  }

  PayloadLimits limits() {
    return limits;
  }

  Context context() {
    return loop.context();
  }
}

package io.signalbox.sim.websocket;

import io.signalbox.sim.api.HubAddress;
import io.signalbox.sim.link.LinkContext;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;

/** Opens the WebSocket links of one event loop. */
public final class WebSocketConnector {
  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
  private static final int BIGGEST_MESSAGE_BYTES = 1 << 20;

  private final WebSocketClient client;
  private final LinkContext context;

  /** Creates a connector; must be called on its event loop. */
  public WebSocketConnector(Vertx vertx, LinkContext context) {
    this.client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions()
                .setMaxConnections(Integer.MAX_VALUE)
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                .setMaxFrameSize(BIGGEST_MESSAGE_BYTES)
                .setMaxMessageSize(BIGGEST_MESSAGE_BYTES)
                .setTcpNoDelay(true));
    this.context = context;
  }

  WebSocketClient client() {
    return client;
  }

  LinkContext context() {
    return context;
  }

  WebSocketConnectOptions call(String key) {
    HubAddress hub = context.hub();
    return new WebSocketConnectOptions()
        .setHost(hub.host())
        .setPort(hub.port())
        .setSsl(hub.tls())
        .setURI(hub.base() + "/device/v1/stream")
        .setTimeout(CONNECT_TIMEOUT_MILLIS)
        .addSubProtocol(context.encoding().subprotocol())
        .addHeader("Authorization", "Bearer " + key);
  }
}

package io.signalbox.sim.websocket;

import io.signalbox.sim.api.HubAddress;
import io.signalbox.sim.link.LinkContext;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;

/** The hub's WebSocket door as one event loop sees it; all such links of the loop go through it. */
public final class WebSocketConnector {
  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
  private static final int BIGGEST_MESSAGE_BYTES = 1 << 20;

  private final WebSocketClient client;
  private final LinkContext board;

  /** A door; to be made on the loop that will use it. */
  public WebSocketConnector(Vertx vertx, LinkContext board) {
    this.client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions()
                .setMaxConnections(Integer.MAX_VALUE)
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                .setMaxFrameSize(BIGGEST_MESSAGE_BYTES)
                .setMaxMessageSize(BIGGEST_MESSAGE_BYTES)
                .setTcpNoDelay(true));
    this.board = board;
  }

  WebSocketClient client() {
    return client;
  }

  LinkContext board() {
    return board;
  }

  WebSocketConnectOptions call(String key) {
    HubAddress hub = board.hub();
    return new WebSocketConnectOptions()
        .setHost(hub.host())
        .setPort(hub.port())
        .setSsl(hub.tls())
        .setURI(hub.base() + "/device/v1/stream")
        .setTimeout(CONNECT_TIMEOUT_MILLIS)
        .addSubProtocol(board.encoding().subprotocol())
        .addHeader("Authorization", "Bearer " + key);
  }
}

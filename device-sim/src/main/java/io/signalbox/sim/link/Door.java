package io.signalbox.sim.link;

import io.signalbox.sim.api.HubAddress;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;

/** The hub's device door as one event loop sees it; all links of the loop go through it. */
public final class Door {
  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
  private static final int BIGGEST_MESSAGE_BYTES = 1 << 20;

  /** More calls at a time would only wait longer each: a hub that is slow is not helped by more. */
  private static final int MOST_RINGING = 128;

  private final WebSocketClient client;
  private final HubAddress hub;
  private final Encoding encoding;
  private int ringing;

  /** A door; to be made on the loop that will use it. */
  public Door(Vertx vertx, HubAddress hub, Encoding encoding) {
    this.client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions()
                .setMaxConnections(Integer.MAX_VALUE)
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                .setMaxFrameSize(BIGGEST_MESSAGE_BYTES)
                .setMaxMessageSize(BIGGEST_MESSAGE_BYTES)
                .setTcpNoDelay(true));
    this.hub = hub;
    this.encoding = encoding;
  }

  /** Whether so many calls are unanswered that another had better wait. */
  public boolean isBusy() {
    return ringing >= MOST_RINGING;
  }

  void rings() {
    ringing++;
  }

  void answered() {
    ringing--;
  }

  WebSocketClient client() {
    return client;
  }

  Encoding encoding() {
    return encoding;
  }

  WebSocketConnectOptions call(String key) {
    return new WebSocketConnectOptions()
        .setHost(hub.host())
        .setPort(hub.port())
        .setSsl(hub.tls())
        .setURI(hub.base() + "/device/v1/stream")
        .setTimeout(CONNECT_TIMEOUT_MILLIS)
        .addSubProtocol(encoding.subprotocol())
        .addHeader("Authorization", "Bearer " + key);
  }
}

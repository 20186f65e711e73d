package io.signalbox.sim.http;

import io.signalbox.sim.api.HubAddress;
import io.signalbox.sim.link.LinkContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnectOptions;

/** The hub's HTTP door for devices as one event loop sees it. */
public final class HttpConnector {
  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

  private final HttpClientAgent client;
  private final LinkContext board;
  private final PollingOptions options;

  /** A door; to be made on the loop that will use it. */
  public HttpConnector(Vertx vertx, LinkContext board, PollingOptions options) {
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                .setKeepAliveTimeout(0)
                .setTcpNoDelay(true));
    this.board = board;
    this.options = options;
  }

  /** A connection that belongs to one device. */
  Future<HttpClientConnection> connect() {
    HubAddress hub = board.hub();
    return client.connect(
        new HttpConnectOptions().setHost(hub.host()).setPort(hub.port()).setSsl(hub.tls()));
  }

  LinkContext board() {
    return board;
  }

  PollingOptions options() {
    return options;
  }

  /** Where something of the door is. */
  String path(String rest) {
    return board.hub().base() + "/device/v1/" + rest;
  }

  long now() {
    return board.now();
  }
}

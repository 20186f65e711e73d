package io.signalbox.sim.http;

import io.signalbox.sim.api.HubAddress;
import io.signalbox.sim.link.Switchboard;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnectOptions;

/** The hub's HTTP door for devices as one event loop sees it. */
public final class HttpDoor {
  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

  private final HttpClientAgent client;
  private final Switchboard board;
  private final Visits visits;

  /** A door; to be made on the loop that will use it. */
  public HttpDoor(Vertx vertx, Switchboard board, Visits visits) {
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                .setKeepAliveTimeout(0)
                .setTcpNoDelay(true));
    this.board = board;
    this.visits = visits;
  }

  /** A connection that belongs to one device. */
  Future<HttpClientConnection> connect() {
    HubAddress hub = board.hub();
    return client.connect(
        new HttpConnectOptions().setHost(hub.host()).setPort(hub.port()).setSsl(hub.tls()));
  }

  Switchboard board() {
    return board;
  }

  Visits visits() {
    return visits;
  }

  /** Where something of the door is. */
  String path(String rest) {
    return board.hub().base() + "/device/v1/" + rest;
  }

  long now() {
    return board.now();
  }
}

package io.signalbox.sim.http;

import io.signalbox.sim.api.HubAddress;
import io.signalbox.sim.link.LinkContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnectOptions;

/** Opens HTTP connections of one event loop to the hub's device endpoints. */
public final class HttpConnector {
  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

  private final HttpClientAgent client;
  private final LinkContext context;
  private final PollingOptions options;

  /** Creates a connector; must be called on its event loop. */
  public HttpConnector(Vertx vertx, LinkContext context, PollingOptions options) {
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                .setKeepAliveTimeout(0)
                .setTcpNoDelay(true));
    this.context = context;
    this.options = options;
  }

  /** Creates a connection for one device. */
  Future<HttpClientConnection> connect() {
    HubAddress hub = context.hub();
    return client.connect(
        new HttpConnectOptions().setHost(hub.host()).setPort(hub.port()).setSsl(hub.tls()));
  }

  LinkContext context() {
    return context;
  }

  PollingOptions options() {
    return options;
  }

  /** The path of a device endpoint. */
  String path(String rest) {
    return context.hub().base() + "/device/v1/" + rest;
  }

  long now() {
    return context.now();
  }
}

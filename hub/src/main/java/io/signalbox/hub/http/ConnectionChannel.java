package io.signalbox.hub.http;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * The Netty channel of an HTTP connection. Vert.x has no public access to it; this class is the
 * only one that depends on how Vert.x stores it (decision 0022).
 */
public final class ConnectionChannel {
  private ConnectionChannel() {}

  /** The channel that carries a connection of the hub's HTTP server, HTTP/1.1 or HTTP/2. */
  public static Channel of(HttpConnection connection) {
    return ((ConnectionBase) connection).channel();
  }
}

package io.signalbox.sim.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Opens many WebSockets to one server, a few at a time. */
final class WebSocketPool implements AutoCloseable {
  private static final int AT_ONCE = 200;

  private final WebSocketClient client;

  WebSocketPool(Vertx vertx) {
    this.client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions().setMaxConnections(Integer.MAX_VALUE));
  }

  /** Credentials of a connection. */
  record PoolClient(String path, String key) {}

  /** Opens {@code count} connections; passes each to {@code opened} on its event loop. */
  Future<Void> open(
      URI server, int count, IntFunction<PoolClient> poolClients, Consumer<WebSocket> opened) {
    Future<Void> done = Future.succeededFuture();
    for (int first = 0; first < count; first += AT_ONCE) {
      int from = first;
      int to = Math.min(count, first + AT_ONCE);
      done = done.compose(before -> some(server, from, to, poolClients, opened));
    }
    return done;
  }

  private Future<Void> some(
      URI server,
      int from,
      int to,
      IntFunction<PoolClient> poolClients,
      Consumer<WebSocket> opened) {
    List<Future<WebSocket>> opening = new ArrayList<>();
    for (int i = from; i < to; i++) {
      PoolClient poolClient = poolClients.apply(i);
      WebSocketConnectOptions options =
          new WebSocketConnectOptions()
              .setHost(server.getHost())
              .setPort(server.getPort())
              .setURI(poolClient.path())
              .addHeader("Authorization", "Bearer " + poolClient.key())
              .addSubProtocol("signalbox.v1.json");
      opening.add(client.connect(options).onSuccess(opened::accept));
    }
    return Future.all(opening).mapEmpty();
  }

  @Override
  public void close() {
    client.close().await();
  }
}

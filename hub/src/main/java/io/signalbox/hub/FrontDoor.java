package io.signalbox.hub;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.BindException;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP listener, deployed once for each event loop: a connection stays on its loop for life. A
 * request for the path of a WebSocket goes to that door, upgrade or not (the door itself answers
 * what is no upgrade); everything else goes to REST.
 *
 * <p>Threading: made anywhere; afterwards touched by its own event loop only.
 */
final class FrontDoor extends VerticleBase {
  /**
   * What is behind the door on one event loop.
   *
   * @param sockets the WebSocket doors by path
   * @param rest everything else
   */
  record Rooms(Map<String, Handler<HttpServerRequest>> sockets, Handler<HttpServerRequest> rest) {}

  private final SocketAddress address;
  private final HttpServerOptions options;
  private final Supplier<Rooms> rooms;
  private @Nullable HttpServer server;

  /**
   * A door that is not open yet.
   *
   * @param rooms called once, on the door's event loop
   */
  FrontDoor(HubConfig config, Supplier<Rooms> rooms) {
    this.address = address(config.host(), config.http().port());
    this.options = options(config);
    this.rooms = rooms;
  }

  /** The port that was taken; the same for every loop. */
  int port() {
    return server == null ? 0 : server.actualPort();
  }

  @Override
  public Future<?> start() {
    Rooms behind = rooms.get();
    server = vertx.createHttpServer(options).requestHandler(request -> admit(request, behind));
    return server.listen(address).recover(cause -> Future.failedFuture(explain(cause)));
  }

  @Override
  public Future<?> stop() {
    return server == null ? Future.succeededFuture() : server.close();
  }

  private static void admit(HttpServerRequest request, Rooms behind) {
    String path = request.path();
    Handler<HttpServerRequest> socket = path == null ? null : behind.sockets().get(path);
    (socket == null ? behind.rest() : socket).handle(request);
  }

  private static SocketAddress address(String host, int port) {
    // A free port must be the same one for every loop.
    return port == 0
        ? SocketAddress.sharedRandomPort(1, host)
        : SocketAddress.inetSocketAddress(port, host);
  }

  private static HttpServerOptions options(HubConfig config) {
    HttpSettings http = config.http();
    return new HttpServerOptions()
        .setMaxHeaderSize(http.maxHeaderBytes())
        .setMaxInitialLineLength(http.maxRequestLineBytes())
        .setIdleTimeout((int) http.idleTimeout().toSeconds())
        // A compression context for each device would cost more memory than all the rest of it.
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setMaxWebSocketFrameSize(config.gateway().maxFrameBytes())
        .setMaxWebSocketMessageSize(config.gateway().maxFrameBytes());
  }

  private StartFailure explain(Throwable cause) {
    boolean inUse = cause instanceof BindException && String.valueOf(cause).contains("in use");
    String line =
        inUse
            ? "http.port: %d is in use; choose another with --http-port".formatted(address.port())
            : "host: cannot listen on %s (%s)".formatted(address.host(), cause.getMessage());
    return new StartFailure(StartFailure.UNAVAILABLE, line);
  }
}

package io.signalbox.hub;

import io.signalbox.hub.http.Challenge;
import io.signalbox.hub.http.InvalidRequestHandler;
import io.signalbox.hub.http.netty.ConnectionErrorMetrics;
import io.signalbox.hub.http.netty.ConnectionErrorMetrics.Reason;
import io.signalbox.hub.http.netty.Http1RequestGuard;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.wire.ProblemJson;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP listener, deployed once per event loop; a connection stays on its loop. Requests are
 * routed by path: to a WebSocket handler (which also answers requests that are not upgrades), to
 * another endpoint of the route table, or to the REST API.
 *
 * <p>Threading: constructed on any thread, then confined to its event loop.
 */
final class HttpServerVerticle extends VerticleBase {
  /**
   * Handler of a WebSocket path. Fails with a refusal if it rejects the request before the
   * handshake.
   */
  @FunctionalInterface
  interface UpgradeHandler {
    Future<Void> open(HttpServerRequest request);
  }

  /**
   * Routes of one event loop.
   *
   * @param sockets WebSocket handlers by path
   * @param endpoints request handlers by path; a path that ends in a slash matches everything below
   *     it
   * @param fallback handler of all other requests
   * @param drain ends the loop's sessions and held requests when the listener stops
   */
  record RouteTable(
      Map<String, UpgradeHandler> sockets,
      Map<String, Handler<HttpServerRequest>> endpoints,
      Handler<HttpServerRequest> fallback,
      Supplier<Future<Void>> drain) {
    private Handler<HttpServerRequest> handler(String path) {
      Handler<HttpServerRequest> own = endpoints.get(path);
      if (own != null) {
        return own;
      }
      for (Map.Entry<String, Handler<HttpServerRequest>> handler : endpoints.entrySet()) {
        if (handler.getKey().endsWith("/") && path.startsWith(handler.getKey())) {
          return handler.getValue();
        }
      }
      return fallback;
    }
  }

  private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://[^/]");
  private static final Logger LOG = LoggerFactory.getLogger(HttpServerVerticle.class);

  /** Share of the stop timeout that connections get; the stores need the rest. */
  private static final int GRACE_SHARE = 2;

  private final SocketAddress address;
  private final HubConfig config;
  private final HttpServerOptions options;
  private final ConnectionErrorMetrics faults;
  private final Function<Context, RouteTable> routes;
  private @Nullable HttpServer server;
  private @Nullable RouteTable routeTable;

  /**
   * Does not listen yet.
   *
   * @param options listener options with the certificate already loaded
   * @param faults counts malformed requests
   * @param services called once on the verticle's event loop, with its context
   */
  HttpServerVerticle(
      HubConfig config,
      HttpServerOptions options,
      ConnectionErrorMetrics faults,
      Function<Context, RouteTable> services) {
    this.address = address(config.host(), config.http().port());
    this.config = config;
    this.options = options;
    this.faults = faults;
    this.routes = services;
  }

  /** The port that is bound, the same for every loop; 0 before the start. */
  int port() {
    return server == null ? 0 : server.actualPort();
  }

  /** The server; null before the start. */
  @Nullable HttpServer server() {
    return server;
  }

  @Override
  public Future<?> start() {
    RouteTable table = routes.apply(context);
    routeTable = table;
    HttpServer made =
        vertx
            .createHttpServer(options)
            .requestHandler(request -> admit(request, table))
            .invalidRequestHandler(this::refuse)
            .connectionHandler(this::watch);
    server = made;
    return made.listen(address)
        .recover(cause -> Future.failedFuture(HttpServerSetup.explain(cause, address)));
  }

  private void refuse(HttpServerRequest request) {
    faults.count(Reason.HTTP1, String.valueOf(request.decoderResult().cause()));
    InvalidRequestHandler.refuse(request);
  }

  private void watch(HttpConnection connection) {
    faults.watch(connection);
    Http1RequestGuard.over(connection, config.http().headerTimeout(), faults);
  }

  /**
   * Answers held requests and accepts no new connections. An idle connection is closed at once, any
   * other after its response, or when the grace period is over.
   */
  @Override
  public Future<?> stop() {
    HttpServer open = server;
    if (routeTable == null || open == null) {
      return Future.succeededFuture();
    }
    long grace = config.stopTimeout().toMillis() / GRACE_SHARE;
    return routeTable.drain().get().eventually(() -> open.shutdown(grace, TimeUnit.MILLISECONDS));
  }

  private static void admit(HttpServerRequest request, RouteTable routes) {
    String uri = String.valueOf(request.uri());
    if (!uri.startsWith("/") && !ABSOLUTE.matcher(uri).lookingAt()) {
      answerWithoutPath(request, uri);
      return;
    }
    String path = request.path() == null ? "" : request.path();
    UpgradeHandler socket = routes.sockets().get(path);
    if (socket == null) {
      routes.handler(path).handle(request);
    } else {
      open(socket, request).onFailure(refused -> answer(request, refused));
    }
  }

  /** RFC 9112, section 3.2: the only valid target without a path is the asterisk of OPTIONS. */
  private static void answerWithoutPath(HttpServerRequest request, String uri) {
    if (uri.equals("*") && request.method().equals(HttpMethod.OPTIONS)) {
      request
          .response()
          .setStatusCode(204)
          .putHeader("Allow", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT")
          .end()
          .onFailure(gone -> LOG.debug("Connection closed before the response was sent", gone));
    } else {
      String fault = "invalid request target; expected a path that begins with /";
      answer(request, new Refusal(ErrorCode.MALFORMED, fault));
    }
  }

  private static Future<Void> open(UpgradeHandler handler, HttpServerRequest request) {
    try {
      return handler.open(request);
    } catch (RuntimeException thrown) {
      return Future.failedFuture(thrown);
    }
  }

  /** Answers with a problem document, unless the handshake has been answered already. */
  private static void answer(HttpServerRequest request, Throwable refused) {
    HttpServerResponse response = request.response();
    if (response.headWritten() || response.closed()) {
      return;
    }
    Refusal refusal =
        refused instanceof Refusal known
            ? known
            : new Refusal(ErrorCode.INTERNAL, "internal error; details are in the log of the hub");
    if (refusal.kind() == ErrorCode.INTERNAL) {
      LOG.error("Request failed: {}", request.path(), refused);
    }
    boolean http1 = request.version() != HttpVersion.HTTP_2;
    if (refusal.kind() == ErrorCode.UNAUTHENTICATED) {
      Challenge.write(response.headers(), request);
    }
    if (http1) {
      if (refusal.kind() == ErrorCode.UPGRADE_REQUIRED) {
        response.putHeader(HttpHeaders.UPGRADE, "websocket");
        response.putHeader("Sec-WebSocket-Version", "13");
      }
      // Bytes after a refused upgrade are not HTTP requests.
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    if (refusal.retryAfter() > 0) {
      response.putHeader("Retry-After", Integer.toString(refusal.retryAfter()));
    }
    response
        .setStatusCode(refusal.kind().status())
        .putHeader(HttpHeaders.CONTENT_TYPE, ProblemJson.CONTENT_TYPE)
        .end(Buffer.buffer(ProblemJson.bytes(refusal)))
        .onComplete(sent -> closeHttp1(request, http1));
  }

  /** Closes an HTTP/1 connection; an HTTP/2 connection carries other requests. */
  private static void closeHttp1(HttpServerRequest request, boolean http1) {
    if (http1) {
      request.connection().close();
    }
  }

  private static SocketAddress address(String host, int port) {
    // Every loop must share the same random port.
    return port == 0
        ? SocketAddress.sharedRandomPort(1, host)
        : SocketAddress.inetSocketAddress(port, host);
  }
}

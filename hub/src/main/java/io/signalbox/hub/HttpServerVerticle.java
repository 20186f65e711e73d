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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP listener, deployed once for each event loop: a connection stays on its loop for life. A
 * request for the path of a WebSocket goes to that door, upgrade or not (the door itself answers
 * what is no upgrade), one for a path of another door to that one; everything else goes to REST.
 *
 * <p>Threading: made anywhere; afterwards touched by its own event loop only.
 */
final class HttpServerVerticle extends VerticleBase {
  /** A door for WebSockets. Fails with a refusal, before the handshake, if it lets nobody in. */
  @FunctionalInterface
  interface UpgradeHandler {
    Future<Void> open(HttpServerRequest request);
  }

  /**
   * What is behind the front door on one event loop.
   *
   * @param sockets the doors for WebSockets, by path
   * @param endpoints the doors that answer plain requests themselves, by path; one that ends in a
   *     slash stands for everything below it
   * @param fallback everything else
   * @param drain sends away whoever is inside, when the door closes
   */
  record RouteTable(
      Map<String, UpgradeHandler> sockets,
      Map<String, Handler<HttpServerRequest>> endpoints,
      Handler<HttpServerRequest> fallback,
      Runnable drain) {
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

  /** Which part of the time for a stop connections have: the stores need the rest. */
  private static final int GRACE_SHARE = 2;

  private final SocketAddress address;
  private final HubConfig config;
  private final HttpServerOptions options;
  private final ConnectionErrorMetrics faults;
  private final Function<Context, RouteTable> routes;
  private @Nullable HttpServer server;
  private @Nullable RouteTable behind;

  /**
   * A door that is not open yet.
   *
   * @param options of the listener, whose files have been read
   * @param faults counts what is no HTTP
   * @param services called once, on the door's event loop, with its context
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

  /** The port that was taken; the same for every loop. */
  int port() {
    return server == null ? 0 : server.actualPort();
  }

  /** The server; null before its start. */
  @Nullable HttpServer server() {
    return server;
  }

  @Override
  public Future<?> start() {
    RouteTable here = routes.apply(context);
    behind = here;
    HttpServer made =
        vertx
            .createHttpServer(options)
            .requestHandler(request -> admit(request, here))
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
    Http1RequestGuard.over(connection, config.http().headTimeout(), faults);
  }

  /**
   * Answers whatever is held, and lets no connection in. A connection without a request under way
   * ends at once, any other when its request is answered or, whatever is still missing then, when
   * the grace is over.
   */
  @Override
  public Future<?> stop() {
    if (behind != null) {
      behind.drain().run();
    }
    long grace = config.stopTimeout().toMillis() / GRACE_SHARE;
    return server == null
        ? Future.succeededFuture()
        : server.shutdown(grace, TimeUnit.MILLISECONDS);
  }

  private static void admit(HttpServerRequest request, RouteTable behind) {
    String uri = String.valueOf(request.uri());
    if (!uri.startsWith("/") && !ABSOLUTE.matcher(uri).lookingAt()) {
      answerWithoutPath(request, uri);
      return;
    }
    String path = request.path() == null ? "" : request.path();
    UpgradeHandler socket = behind.sockets().get(path);
    if (socket == null) {
      behind.handler(path).handle(request);
    } else {
      open(socket, request).onFailure(refused -> answer(request, refused));
    }
  }

  /** RFC 9112, section 3.2: besides a path only the asterisk of OPTIONS can be meant for a hub. */
  private static void answerWithoutPath(HttpServerRequest request, String uri) {
    if (uri.equals("*") && request.method().equals(HttpMethod.OPTIONS)) {
      request
          .response()
          .setStatusCode(204)
          .putHeader("Allow", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT")
          .end()
          .onFailure(gone -> LOG.debug("A client went away before its answer", gone));
    } else {
      String fault = "the target of the request must be a path that begins with /";
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

  /** Says no with a problem document, unless the handshake itself has been answered already. */
  private static void answer(HttpServerRequest request, Throwable refused) {
    HttpServerResponse response = request.response();
    if (response.headWritten() || response.closed()) {
      return;
    }
    Refusal refusal =
        refused instanceof Refusal said
            ? said
            : new Refusal(ErrorCode.INTERNAL, "the hub has failed; its log says how");
    if (refusal.kind() == ErrorCode.INTERNAL) {
      LOG.error("{} failed", request.path(), refused);
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
      // What may follow an upgrade that was refused is no request.
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    if (refusal.retryAfter() > 0) {
      response.putHeader("Retry-After", Integer.toString(refusal.retryAfter()));
    }
    response
        .setStatusCode(refusal.kind().status())
        .putHeader(HttpHeaders.CONTENT_TYPE, ProblemJson.CONTENT_TYPE)
        .end(Buffer.buffer(ProblemJson.bytes(refusal)))
        .onComplete(sent -> part(request, http1));
  }

  /** Ends the connection, which over HTTP/2 carries other requests, too. */
  private static void part(HttpServerRequest request, boolean http1) {
    if (http1) {
      request.connection().close();
    }
  }

  private static SocketAddress address(String host, int port) {
    // A free port must be the same one for every loop.
    return port == 0
        ? SocketAddress.sharedRandomPort(1, host)
        : SocketAddress.inetSocketAddress(port, host);
  }
}

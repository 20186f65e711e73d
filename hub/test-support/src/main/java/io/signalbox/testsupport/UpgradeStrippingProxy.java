package io.signalbox.testsupport;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * HTTP/1.1 proxy that simulates a bad network between a client and the hub: it removes {@code
 * Upgrade} headers, so that a WebSocket handshake reaches the hub as a plain GET. It can also allow
 * upgrades, refuse requests, buffer responses, delay requests, close connections, and stop for a
 * while. Safe on any thread.
 */
public final class UpgradeStrippingProxy implements AutoCloseable {
  private static final Set<String> HOP_BY_HOP =
      Set.of("connection", "keep-alive", "transfer-encoding", "upgrade");

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final HttpClient client =
      vertx.createHttpClient(
          new HttpClientOptions().setConnectTimeout(2_000),
          new PoolOptions().setHttp1MaxSize(20_000));
  private final URI hub;
  private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger stripped = new AtomicInteger();
  private volatile HttpServer server;
  private volatile boolean upgrades;
  private volatile boolean buffers;
  private volatile long delay;
  private volatile Predicate<HttpServerRequest> refuses = request -> false;

  private UpgradeStrippingProxy(String hub) {
    this.hub = URI.create(hub);
    this.server = listen(FreePorts.next());
  }

  /** A proxy on a free port in front of a hub such as {@code http://127.0.0.1:8080}. */
  public static UpgradeStrippingProxy before(String hub) {
    return new UpgradeStrippingProxy(hub);
  }

  /** The proxy's address, as {@code http://127.0.0.1:port}. */
  public String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /** Number of requests whose upgrade was removed. */
  public int stripped() {
    return stripped.get();
  }

  /** Sets whether upgrades pass; initially they do not. */
  public void letUpgradesPass(boolean pass) {
    upgrades = pass;
  }

  /** Sets whether responses are buffered completely, which blocks event streams. */
  public void buffer(boolean whole) {
    buffers = whole;
  }

  /** Sets which requests get 502 without being forwarded. */
  public void refuse(Predicate<HttpServerRequest> which) {
    refuses = which;
  }

  /** Sets the delay before a request is forwarded. */
  public void delay(Duration time) {
    delay = time.toMillis();
  }

  /** Closes all connections at once; new ones are accepted. */
  public void cut() {
    connections.forEach(connection -> connection.close().onFailure(gone -> {}));
  }

  /** Closes all connections and stops listening. */
  public void stop() {
    await(server.close());
  }

  /** Listens again, at the same address. */
  public void restart() {
    server = listen(server.actualPort());
  }

  @Override
  public void close() {
    await(vertx.close());
  }

  private HttpServer listen(int port) {
    return await(
        vertx
            .createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
            .connectionHandler(this::track)
            .requestHandler(this::handle)
            .listen(port, "127.0.0.1"));
  }

  private void track(HttpConnection connection) {
    connections.add(connection);
    connection.closeHandler(closed -> connections.remove(connection));
  }

  private void handle(HttpServerRequest request) {
    request.pause();
    if (refuses.test(request)) {
      refuse(request);
    } else if (delay > 0) {
      vertx.setTimer(delay, late -> forward(request));
    } else {
      forward(request);
    }
  }

  private void forward(HttpServerRequest request) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(request.method())
            .setHost(hub.getHost())
            .setPort(hub.getPort())
            .setURI(request.uri());
    client
        .request(options)
        .onFailure(noHub -> refuse(request))
        .onSuccess(forwarded -> forward(request, forwarded));
  }

  private void forward(HttpServerRequest request, HttpClientRequest forwarded) {
    boolean upgrade = request.headers().contains(HttpHeaders.UPGRADE);
    boolean body = hasBody(request);
    request.headers().forEach(each -> copy(each.getKey(), each.getValue(), forwarded));
    request.response().closeHandler(gone -> forwarded.reset().onFailure(late -> {}));
    if (upgrade && upgrades) {
      forwarded
          .putHeader(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE)
          .putHeader(HttpHeaders.UPGRADE, request.getHeader(HttpHeaders.UPGRADE));
      forwarded
          .connect()
          .onFailure(lost -> refuse(request))
          .onSuccess(answer -> tunnel(request, answer));
      return;
    }
    if (upgrade) {
      stripped.incrementAndGet();
    }
    forwarded.setChunked(body && !request.headers().contains(HttpHeaders.CONTENT_LENGTH));
    (body ? forwarded.send(request) : forwarded.send())
        .onFailure(lost -> refuse(request))
        .onSuccess(answer -> answer(request, answer));
  }

  private static boolean hasBody(HttpServerRequest request) {
    return request.headers().contains(HttpHeaders.CONTENT_LENGTH)
        || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
  }

  private static void copy(String name, String value, HttpClientRequest forwarded) {
    if (!HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT))) {
      forwarded.headers().add(name, value);
    }
  }

  private void answer(HttpServerRequest request, HttpClientResponse answer) {
    HttpServerResponse response = request.response().setStatusCode(answer.statusCode());
    response.headers().addAll(answer.headers()).remove(HttpHeaders.CONNECTION);
    boolean empty =
        request.method().equals(HttpMethod.HEAD)
            || answer.statusCode() == 204
            || answer.statusCode() == 304;
    if (empty) {
      response.end().onFailure(gone -> {});
    } else if (buffers) {
      response.headers().remove(HttpHeaders.TRANSFER_ENCODING);
      answer.body().compose(response::end).onFailure(lost -> request.connection().close());
    } else {
      response.setChunked(!answer.headers().contains(HttpHeaders.CONTENT_LENGTH));
      // The client gets a stream's head before its first data.
      response.writeHead().onFailure(gone -> {});
      answer.pipeTo(response).onFailure(lost -> request.connection().close());
    }
  }

  private void tunnel(HttpServerRequest request, HttpClientResponse answer) {
    if (answer.statusCode() != 101) {
      answer(request, answer);
      return;
    }
    NetSocket hubSide = answer.netSocket();
    hubSide.pause();
    // The hub may close while the client's handshake is still being completed.
    hubSide.closeHandler(gone -> request.connection().close());
    request.response().headers().addAll(answer.headers());
    try {
      request
          .toNetSocket()
          .onFailure(gone -> hubSide.close())
          .onSuccess(clientSide -> join(clientSide, hubSide));
    } catch (RuntimeException alreadyCut) {
      hubSide.close();
      request.connection().close();
    }
  }

  private static void join(NetSocket clientSide, NetSocket hubSide) {
    clientSide.closeHandler(gone -> hubSide.close());
    hubSide.closeHandler(gone -> clientSide.close());
    clientSide.pipeTo(hubSide).onFailure(cut -> hubSide.close());
    hubSide.pipeTo(clientSide).onFailure(cut -> clientSide.close());
  }

  private static void refuse(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    if (response.headWritten()) {
      request.connection().close();
    } else if (!response.closed()) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      response.setStatusCode(502).end().onFailure(gone -> {});
    }
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(120, TimeUnit.SECONDS);
    } catch (TimeoutException tooSlow) {
      throw new IllegalStateException(tooSlow);
    }
  }
}

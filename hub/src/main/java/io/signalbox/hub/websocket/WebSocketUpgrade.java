package io.signalbox.hub.websocket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import io.netty.handler.timeout.IdleStateHandler;
import io.signalbox.hub.http.RequestSource;
import io.signalbox.hub.http.netty.Http1RequestGuard;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket upgrade request (RFC 6455, section 4.2.1). The request is paused from the start, so
 * that credentials can be checked asynchronously; nothing is sent until {@link #accept} or an error
 * response.
 *
 * <p>Vert.x does the handshake, then this class takes the channel over: Vert.x does not check UTF-8
 * or reserved bits, closes protocol errors with 1000, and keeps two message queues per connection.
 */
public final class WebSocketUpgrade {
  private static final String BEARER_PROTOCOL = "bearer.";
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");

  private final HttpServerRequest request;
  private final String address;
  private final List<String> offered;

  private WebSocketUpgrade(HttpServerRequest request) {
    this.request = request;
    this.address = RequestSource.of(request).address();
    this.offered = offered(request);
  }

  /** Whether the request asks for a WebSocket. */
  public static boolean isAskedBy(HttpServerRequest request) {
    String upgrade = request.getHeader(HttpHeaders.UPGRADE);
    return names(upgrade, "websocket");
  }

  /**
   * Pauses and checks a request. Throws {@code UPGRADE_REQUIRED} if it is not an upgrade or has
   * another version, {@code MALFORMED} if its handshake is invalid.
   */
  public static WebSocketUpgrade of(HttpServerRequest request) {
    if (!isAskedBy(request) || !HttpMethod.GET.equals(request.method())) {
      throw new Refusal(
          ErrorCode.UPGRADE_REQUIRED, "this path accepts WebSocket upgrades (RFC 6455) only");
    }
    checkHandshake(request);
    request.pause();
    return new WebSocketUpgrade(request);
  }

  /** RFC 6455, section 4.2.1. */
  private static void checkHandshake(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_1_0) {
      throw new Refusal(ErrorCode.MALFORMED, "a WebSocket upgrade requires HTTP/1.1; got HTTP/1.0");
    }
    if (!names(request.getHeader(HttpHeaders.CONNECTION), "upgrade")) {
      throw malformed("Connection", "must contain Upgrade");
    }
    String version = request.getHeader("Sec-WebSocket-Version");
    if (version == null) {
      throw malformed("Sec-WebSocket-Version", "is missing; expected 13");
    }
    if (!version.strip().equals("13")) {
      throw new Refusal(ErrorCode.UPGRADE_REQUIRED, "Sec-WebSocket-Version must be 13");
    }
    String key = request.getHeader("Sec-WebSocket-Key");
    if (key == null || !KEY.matcher(key.strip()).matches()) {
      throw malformed("Sec-WebSocket-Key", "must be 16 bytes in Base64");
    }
  }

  private static Refusal malformed(String header, String fault) {
    return new Refusal(ErrorCode.MALFORMED, header, header + " " + fault);
  }

  private static boolean names(@Nullable String list, String token) {
    return list != null
        && Arrays.stream(list.split(",", -1)).anyMatch(one -> one.strip().equalsIgnoreCase(token));
  }

  /** Prepares the options of a server whose connections can be taken over. */
  public static HttpServerOptions prepare(
      HttpServerOptions options, int maxMessageBytes, List<String> subprotocols) {
    return options
        .setWebSocketSubProtocols(subprotocols)
        .setMaxWebSocketFrameSize(maxMessageBytes)
        .setMaxWebSocketMessageSize(maxMessageBytes)
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false);
  }

  private static List<String> offered(HttpServerRequest request) {
    return request.headers().getAll("Sec-WebSocket-Protocol").stream()
        .flatMap(line -> Arrays.stream(line.split(",", -1)))
        .map(String::trim)
        .filter(protocol -> !protocol.isEmpty())
        .toList();
  }

  /** The request itself. */
  public HttpServerRequest request() {
    return request;
  }

  /** The address of the client. */
  public String address() {
    return address;
  }

  /** The first known subprotocol in the client's order; null if there is none. */
  public @Nullable String select(List<String> known) {
    return offered.stream().filter(known::contains).findFirst().orElse(null);
  }

  /** Whether the client offers any subprotocol besides its key. */
  public boolean offersProtocols() {
    return offered.stream().anyMatch(protocol -> !protocol.startsWith(BEARER_PROTOCOL));
  }

  /** The key offered as subprotocol {@code bearer.KEY}, for clients that cannot set headers. */
  public @Nullable String offeredKey() {
    return offered.stream()
        .filter(protocol -> protocol.startsWith(BEARER_PROTOCOL))
        .map(protocol -> protocol.substring(BEARER_PROTOCOL.length()))
        .findFirst()
        .orElse(null);
  }

  /**
   * Answers 101 and takes the connection over. Call {@link WebSocketConnection#start} in the same
   * turn. Fails if the client has disconnected or its handshake is invalid (it is then already
   * answered).
   */
  public Future<WebSocketConnection> accept(WebSocketLoop loop) {
    if (request.response().closed()) {
      return Future.failedFuture(new HttpClosedException("the client disconnected"));
    }
    return request.toWebSocket().map(webSocket -> takeOver(webSocket, loop, address));
  }

  private static WebSocketConnection takeOver(
      ServerWebSocket webSocket, WebSocketLoop loop, String client) {
    Channel channel = ((WebSocketInternal) webSocket).channelHandlerContext().channel();
    ChannelPipeline pipeline = channel.pipeline();
    WebSocketConnection socket = new WebSocketConnection(loop, channel, client);
    pipeline.replace("handler", "handler", socket);
    remove(pipeline, WebSocketFrameEncoder.class);
    remove(pipeline, HttpResponseEncoder.class);
    remove(pipeline, IdleStateHandler.class);
    remove(pipeline, Http1RequestGuard.class);
    return socket;
  }

  private static void remove(ChannelPipeline pipeline, Class<?> kind) {
    for (var handler : pipeline.toMap().values()) {
      if (kind.isInstance(handler)) {
        pipeline.remove(handler);
      }
    }
  }
}

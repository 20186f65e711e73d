package io.signalbox.hub.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import io.netty.handler.timeout.IdleStateHandler;
import io.signalbox.hub.entrance.Watch;
import io.signalbox.hub.http.RequestSource;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to become a WebSocket (RFC 6455 section 4.2.1). The request is paused from the start,
 * so that a door may take its time with credentials; nothing is answered until {@link #accept} or
 * the door's refusal.
 *
 * <p>Accepting lets Vert.x do the handshake, then takes the channel over from it: Vert.x checks
 * neither UTF-8 nor reserved bits, closes protocol errors with 1000, and keeps two message queues
 * for every connection.
 */
public final class Upgrade {
  private static final String BEARER_PROTOCOL = "bearer.";

  private final HttpServerRequest request;
  private final String address;
  private final List<String> offered;

  private Upgrade(HttpServerRequest request) {
    this.request = request;
    this.address = RequestSource.of(request).address();
    this.offered = offered(request);
  }

  /** Whether a client asks for a WebSocket here. */
  public static boolean isAskedBy(HttpServerRequest request) {
    String upgrade = request.getHeader(HttpHeaders.UPGRADE);
    return upgrade != null && upgrade.equalsIgnoreCase("websocket");
  }

  /** Takes a request in hand: it is paused. Throws {@code UPGRADE_REQUIRED} if it is no upgrade. */
  public static Upgrade of(HttpServerRequest request) {
    if (!isAskedBy(request) || !HttpMethod.GET.equals(request.method())) {
      throw new Refusal(Kind.UPGRADE_REQUIRED, "this path speaks WebSocket (RFC 6455) only");
    }
    request.pause();
    return new Upgrade(request);
  }

  /** What a server needs so that its connections can be taken over. */
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

  /** Where the client comes from. */
  public String address() {
    return address;
  }

  /** The first of these subprotocols, in the client's order, or null. */
  public @Nullable String select(List<String> known) {
    return offered.stream().filter(known::contains).findFirst().orElse(null);
  }

  /** Whether the client offered any subprotocol but its key. */
  public boolean offersProtocols() {
    return offered.stream().anyMatch(protocol -> !protocol.startsWith(BEARER_PROTOCOL));
  }

  /** The key that is offered as the subprotocol {@code bearer.KEY}, where no header can be set. */
  public @Nullable String offeredKey() {
    return offered.stream()
        .filter(protocol -> protocol.startsWith(BEARER_PROTOCOL))
        .map(protocol -> protocol.substring(BEARER_PROTOCOL.length()))
        .findFirst()
        .orElse(null);
  }

  /**
   * Answers 101 and takes the connection over. Call {@link FrameSocket#start} at once, in the same
   * turn. Fails if the client went away or its handshake is not valid (it has then been answered).
   */
  public Future<FrameSocket> accept(SocketLoop loop) {
    return request.toWebSocket().map(webSocket -> takeOver(webSocket, loop, address));
  }

  private static FrameSocket takeOver(ServerWebSocket webSocket, SocketLoop loop, String client) {
    Channel channel = ((WebSocketInternal) webSocket).channelHandlerContext().channel();
    ChannelPipeline pipeline = channel.pipeline();
    FrameSocket socket = new FrameSocket(loop, channel, client);
    pipeline.replace("handler", "handler", socket);
    remove(pipeline, WebSocketFrameEncoder.class);
    remove(pipeline, HttpResponseEncoder.class);
    remove(pipeline, IdleStateHandler.class);
    remove(pipeline, Watch.class);
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

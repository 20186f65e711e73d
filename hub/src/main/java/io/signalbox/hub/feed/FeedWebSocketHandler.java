package io.signalbox.hub.feed;

import io.signalbox.hub.access.Principal;
import io.signalbox.hub.http.AuthorizationHeader;
import io.signalbox.hub.http.auth.Credential;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.websocket.CloseCode;
import io.signalbox.hub.websocket.WebSocketConnection;
import io.signalbox.hub.websocket.WebSocketLoop;
import io.signalbox.hub.websocket.WebSocketUpgrade;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/**
 * The door for viewers on a WebSocket, one for each event loop.
 *
 * <p>A viewer proves itself with an API key or with the console's cookie; the cookie counts only
 * when the page that opens the connection is the hub's own.
 *
 * <p>Threading: the event loop only.
 */
public final class FeedWebSocketHandler {
  /** The path that viewers connect to. */
  public static final String PATH = "/api/v1/stream";

  /** What viewers may offer; they need not. */
  public static final List<String> SUBPROTOCOLS = List.of("signalbox.v1.json");

  private final WebSocketLoop sockets;
  private final FeedDispatcher loop;

  /** A door for the event loop of both. */
  public FeedWebSocketHandler(WebSocketLoop sockets, FeedDispatcher loop) {
    this.sockets = sockets;
    this.loop = loop;
  }

  /** Lets a viewer in. Fails with a refusal, which the caller answers. */
  public Future<Void> open(HttpServerRequest request) {
    WebSocketUpgrade upgrade = WebSocketUpgrade.of(request);
    if (upgrade.offersProtocols() && upgrade.select(SUBPROTOCOLS) == null) {
      String known = "offer " + SUBPROTOCOLS.getFirst() + " or none";
      throw new Refusal(ErrorCode.BAD_SUBPROTOCOL, "Sec-WebSocket-Protocol", known);
    }
    Credential credential = proof(upgrade);
    return loop.admit(request, credential)
        .compose(client -> upgrade.accept(sockets).map(socket -> start(socket, client, credential)))
        .mapEmpty();
  }

  private Credential proof(WebSocketUpgrade upgrade) {
    String inHeader = AuthorizationHeader.key(upgrade.request());
    String key = inHeader == null ? upgrade.offeredKey() : inHeader;
    return key == null
        ? loop.feedContext().authenticator().ofHandshake(upgrade.request())
        : new Credential.ApiKeyCredential(key);
  }

  private WebSocketClient start(
      WebSocketConnection socket, Principal client, Credential credential) {
    WebSocketClient stream = new WebSocketClient(loop, socket, client, credential);
    stream.start();
    return stream;
  }

  /** Sends every viewer away. */
  public void drain() {
    sockets.close(
        CloseCode.GOING_AWAY, () -> "the hub is going down; Retry-After: " + RetryAfter.seconds());
  }
}

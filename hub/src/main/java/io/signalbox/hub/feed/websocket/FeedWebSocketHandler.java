package io.signalbox.hub.feed.websocket;

import io.signalbox.hub.access.Principal;
import io.signalbox.hub.feed.FeedDispatcher;
import io.signalbox.hub.http.AuthorizationHeader;
import io.signalbox.hub.http.auth.Credential;
import io.signalbox.hub.http.auth.HttpAuthenticator;
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
 * WebSocket endpoint of the feed, one instance per event loop.
 *
 * <p>A client authenticates with an API key or with the console's cookie; the cookie is accepted
 * only from the hub's own pages.
 *
 * <p>Threading: the event loop only.
 */
public final class FeedWebSocketHandler {
  /** Path of the endpoint. */
  public static final String PATH = "/api/v1/stream";

  /** The optional subprotocols. */
  public static final List<String> SUBPROTOCOLS = List.of("signalbox.v1.json");

  private final WebSocketLoop sockets;
  private final FeedDispatcher loop;
  private final HttpAuthenticator authenticator;

  /** Creates the endpoint of an event loop. */
  public FeedWebSocketHandler(
      WebSocketLoop sockets, FeedDispatcher loop, HttpAuthenticator authenticator) {
    this.sockets = sockets;
    this.loop = loop;
    this.authenticator = authenticator;
  }

  /** Accepts a client. Fails with a refusal, which the caller writes. */
  public Future<Void> open(HttpServerRequest request) {
    WebSocketUpgrade upgrade = WebSocketUpgrade.of(request);
    if (upgrade.offersProtocols() && upgrade.select(SUBPROTOCOLS) == null) {
      String known = "unsupported subprotocol; expected " + SUBPROTOCOLS.getFirst() + " or none";
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
        ? authenticator.ofHandshake(upgrade.request())
        : new Credential.ApiKeyCredential(key);
  }

  private WebSocketClient start(
      WebSocketConnection socket, Principal client, Credential credential) {
    WebSocketClient stream = new WebSocketClient(loop, socket, client, credential);
    stream.start();
    return stream;
  }

  /** Disconnects all clients. */
  public void drain() {
    sockets.close(
        CloseCode.GOING_AWAY,
        () -> "the hub is shutting down; Retry-After: " + FeedDispatcher.retryAfterSeconds());
  }
}

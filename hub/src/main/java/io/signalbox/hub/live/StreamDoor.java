package io.signalbox.hub.live;

import io.signalbox.hub.access.Principal;
import io.signalbox.hub.admission.Proof;
import io.signalbox.hub.http.AuthorizationHeader;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.socket.CloseCode;
import io.signalbox.hub.socket.FrameSocket;
import io.signalbox.hub.socket.SocketLoop;
import io.signalbox.hub.socket.Upgrade;
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
public final class StreamDoor {
  /** The path that viewers connect to. */
  public static final String PATH = "/api/v1/stream";

  /** What viewers may offer; they need not. */
  public static final List<String> SUBPROTOCOLS = List.of("signalbox.v1.json");

  private final SocketLoop sockets;
  private final LiveLoop loop;

  /** A door for the event loop of both. */
  public StreamDoor(SocketLoop sockets, LiveLoop loop) {
    this.sockets = sockets;
    this.loop = loop;
  }

  /** Lets a viewer in. Fails with a refusal, which the caller answers. */
  public Future<Void> open(HttpServerRequest request) {
    Upgrade upgrade = Upgrade.of(request);
    if (upgrade.offersProtocols() && upgrade.select(SUBPROTOCOLS) == null) {
      String known = "offer " + SUBPROTOCOLS.getFirst() + " or none";
      throw new Refusal(Kind.BAD_SUBPROTOCOL, "Sec-WebSocket-Protocol", known);
    }
    Proof proof = proof(upgrade);
    return loop.admit(request, proof)
        .compose(viewer -> upgrade.accept(sockets).map(socket -> start(socket, viewer, proof)))
        .mapEmpty();
  }

  private Proof proof(Upgrade upgrade) {
    String inHeader = AuthorizationHeader.key(upgrade.request());
    String key = inHeader == null ? upgrade.offeredKey() : inHeader;
    return key == null
        ? loop.gallery().credentials().ofHandshake(upgrade.request())
        : new Proof.Key(key);
  }

  private StreamSocket start(FrameSocket socket, Principal viewer, Proof proof) {
    StreamSocket stream = new StreamSocket(loop, socket, viewer, proof);
    stream.start();
    return stream;
  }

  /** Sends every viewer away. */
  public void drain() {
    sockets.close(
        CloseCode.GOING_AWAY, () -> "the hub is going down; Retry-After: " + ComeBack.seconds());
  }
}

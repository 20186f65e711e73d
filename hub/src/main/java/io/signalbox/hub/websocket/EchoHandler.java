package io.signalbox.hub.websocket;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/**
 * Echo endpoint for RFC 6455 conformance suites: sends every message back over the same connection
 * code that devices use. Off unless the hub is started with {@code --debug-echo}.
 */
public final class EchoHandler {
  private final WebSocketLoop loop;

  /** Creates the echo of one event loop. */
  public EchoHandler(WebSocketLoop loop) {
    this.loop = loop;
  }

  /** Accepts a client without credentials. */
  public Future<Void> open(HttpServerRequest request) {
    return WebSocketUpgrade.of(request).accept(loop).map(EchoHandler::start).mapEmpty();
  }

  private static WebSocketConnection start(WebSocketConnection socket) {
    socket.start(new Echo(socket));
    return socket;
  }

  private record Echo(WebSocketConnection socket) implements WebSocketListener {
    @Override
    public void onMessage(boolean text, ByteBuf payload) {
      if (text) {
        socket.sendText(payload.retainedDuplicate());
      } else {
        socket.sendBinary(payload.retainedDuplicate());
      }
    }

    @Override
    public void onClosed(int code, String reason) {
      // No state to release.
    }
  }
}

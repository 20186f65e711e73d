package io.signalbox.hub.websocket;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/**
 * Sends every message back as it came, so that RFC 6455 conformance suites can try the very
 * connections that devices use. Off unless the hub is started with {@code --debug-echo}.
 */
public final class EchoHandler {
  private final WebSocketLoop loop;

  /** An echo upon the connections of one event loop. */
  public EchoHandler(WebSocketLoop loop) {
    this.loop = loop;
  }

  /** Lets a client in: anybody. */
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
      // Nothing hangs on an echo.
    }
  }
}

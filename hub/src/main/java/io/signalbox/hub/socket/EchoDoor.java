package io.signalbox.hub.socket;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/**
 * Sends every message back as it came, so that RFC 6455 conformance suites can try the very
 * connections that devices use. Off unless the hub is started with {@code --debug-echo}.
 */
public final class EchoDoor {
  private final SocketLoop loop;

  /** An echo upon the connections of one event loop. */
  public EchoDoor(SocketLoop loop) {
    this.loop = loop;
  }

  /** Lets a client in: anybody. */
  public Future<Void> open(HttpServerRequest request) {
    return Upgrade.of(request).accept(loop).map(EchoDoor::start).mapEmpty();
  }

  private static FrameSocket start(FrameSocket socket) {
    socket.start(new Echo(socket));
    return socket;
  }

  private record Echo(FrameSocket socket) implements SocketListener {
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

package io.signalbox.hub.gateway.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.signalbox.hub.gateway.DeviceChannel;
import io.signalbox.hub.gateway.DeviceSession;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.websocket.CloseCode;
import io.signalbox.hub.websocket.WebSocketConnection;
import io.signalbox.hub.websocket.WebSocketListener;
import io.signalbox.hub.wire.DeviceFrameCodec;
import io.signalbox.hub.wire.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * WebSocket connection of a device: decodes frames to messages and encodes replies.
 *
 * <p>Threading: the connection's event loop only, except for {@link #evicted}.
 */
final class DeviceWebSocket implements WebSocketListener, DeviceChannel {
  private final DeviceWebSocketHandler handler;
  private final Encoding encoding;
  private @Nullable WebSocketConnection socket;
  private @Nullable DeviceSession session;
  private @Nullable SessionEnd ended;

  /**
   * The newest desired state not sent yet: it changed before the welcome, or while the peer does
   * not read.
   */
  private @Nullable Twin untold;

  DeviceWebSocket(DeviceWebSocketHandler handler, Encoding encoding) {
    this.handler = handler;
    this.encoding = encoding;
  }

  /** Starts after the handshake: sends the welcome, then reads. */
  void start(WebSocketConnection newSocket, DeviceSession newSession, Twin atFirst) {
    socket = newSocket;
    session = newSession;
    Twin early = untold;
    Twin newest = early != null && isNewer(early, atFirst) ? early : atFirst;
    untold = null;
    newSocket.start(this);
    send(
        DeviceFrameCodec.welcome(
            encoding, ByteBufAllocator.DEFAULT, handler.welcome(newSession, newest)));
    newSession.welcomed(newest.desired());
    if (ended == null) {
      newSession.begin();
    } else {
      close(ended);
    }
  }

  @Override
  public void onMessage(boolean text, ByteBuf payload) {
    if (text != (encoding == Encoding.JSON)) {
      String wanted = encoding == Encoding.JSON ? "text" : "binary";
      socket()
          .close(
              CloseCode.UNSUPPORTED_DATA,
              encoding.subprotocol() + " requires " + wanted + " frames");
      return;
    }
    DeviceSession speaking = session();
    long now = handler.now();
    speaking.receive(
        DeviceFrameCodec.decode(encoding, payload, speaking.device(), now, handler.limits()), now);
  }

  @Override
  public void onClosed(int code, String reason) {
    session().ended(ended != null ? ended : endOf(code), reason);
  }

  @Override
  public void onCloseAcknowledged() {
    if (ended instanceof SessionEnd.Replaced) {
      session().confirmAlive();
    }
  }

  private static SessionEnd endOf(int code) {
    return switch (code) {
      case CloseCode.SILENT -> Cause.SILENT;
      case CloseCode.BROKEN -> Cause.LOST;
      case CloseCode.NORMAL, CloseCode.GOING_AWAY, CloseCode.NO_CODE -> Cause.CLOSED;
      default -> new SessionEnd.ClosedWithCode(code);
    };
  }

  @Override
  public void evicted(SessionEnd end) {
    handler.context().runOnContext(turn -> end(end));
  }

  private void end(SessionEnd end) {
    ended = end;
    if (socket != null) {
      close(end);
    }
  }

  private void close(SessionEnd end) {
    socket().close(closeCode(end), end.text());
  }

  private static int closeCode(SessionEnd end) {
    return switch (end) {
      case Cause cause ->
          switch (cause) {
            case REVOKED, DISABLED, DELETED -> CloseCode.REVOKED;
            case DRAINING -> CloseCode.GOING_AWAY;
            case CLOSED, LOST, SILENT, OVERDUE, HUB_RESTARTED, NODE_LOST -> CloseCode.UNAVAILABLE;
          };
      case SessionEnd.Replaced replaced -> CloseCode.REPLACED;
      case SessionEnd.ClosedWithCode closed -> CloseCode.UNAVAILABLE;
      case SessionEnd.Unknown unknown -> CloseCode.UNAVAILABLE;
    };
  }

  @Override
  public void ack(long seq) {
    send(DeviceFrameCodec.ack(encoding, ByteBufAllocator.DEFAULT, seq));
  }

  @Override
  public void refuse(long seq, Refusal refusal) {
    send(DeviceFrameCodec.error(encoding, ByteBufAllocator.DEFAULT, refusal, seq));
  }

  @Override
  public void command(Command command) {
    send(DeviceFrameCodec.command(encoding, ByteBufAllocator.DEFAULT, command));
  }

  @Override
  public void desired(Twin twin) {
    if (socket == null || !socket.isWritable()) {
      untold = twin;
      return;
    }
    untold = null;
    send(DeviceFrameCodec.desired(encoding, ByteBufAllocator.DEFAULT, twin));
  }

  @Override
  public void onWritable() {
    Twin newest = untold;
    if (newest != null) {
      desired(newest);
    }
  }

  private static boolean isNewer(Twin one, Twin other) {
    return one.desired().version() > other.desired().version();
  }

  @Override
  public void described(long version) {
    send(DeviceFrameCodec.described(encoding, ByteBufAllocator.DEFAULT, version));
  }

  @Override
  public void pong() {
    send(DeviceFrameCodec.pong(encoding, ByteBufAllocator.DEFAULT));
  }

  @Override
  public void setAutoRead(boolean autoRead) {
    if (autoRead) {
      socket().resume();
    } else {
      socket().pause();
    }
  }

  private void send(ByteBuf frame) {
    switch (encoding) {
      case JSON -> socket().sendText(frame);
      case CBOR -> socket().sendBinary(frame);
    }
  }

  private WebSocketConnection socket() {
    return requireStarted(socket);
  }

  private DeviceSession session() {
    return requireStarted(session);
  }

  private static <T> T requireStarted(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("not started");
    }
    return part;
  }
}

package io.signalbox.hub.gateway.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.signalbox.hub.fleet.Eviction;
import io.signalbox.hub.gateway.DeviceLink;
import io.signalbox.hub.gateway.DeviceSession;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.socket.CloseCode;
import io.signalbox.hub.socket.FrameSocket;
import io.signalbox.hub.socket.SocketListener;
import io.signalbox.hub.wire.DeviceFrames;
import io.signalbox.hub.wire.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * A device's WebSocket: frames to messages and back.
 *
 * <p>Threading: the connection's event loop only, but for {@link #evicted}.
 */
final class DeviceSocket implements SocketListener, DeviceLink, Eviction {
  /** How the cause begins with which another session of the device takes this one's place. */
  private static final String REPLACED = "replaced";

  private final DeviceDoor door;
  private final Encoding encoding;
  private @Nullable FrameSocket socket;
  private @Nullable DeviceSession session;
  private @Nullable String ended;

  /** What the device is still to be told: it came before the welcome, or while nothing is read. */
  private @Nullable Twin untold;

  DeviceSocket(DeviceDoor door, Encoding encoding) {
    this.door = door;
    this.encoding = encoding;
  }

  /** The handshake is done: says welcome, then listens. */
  void start(FrameSocket newSocket, DeviceSession newSession, Twin atFirst) {
    socket = newSocket;
    session = newSession;
    Twin early = untold;
    Twin newest = early != null && isNewer(early, atFirst) ? early : atFirst;
    untold = null;
    newSocket.start(this);
    send(
        DeviceFrames.welcome(encoding, ByteBufAllocator.DEFAULT, door.welcome(newSession, newest)));
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
          .close(CloseCode.UNSUPPORTED_DATA, encoding.subprotocol() + " has " + wanted + " frames");
      return;
    }
    DeviceSession speaking = session();
    long now = door.now();
    speaking.receive(
        DeviceFrames.decode(encoding, payload, speaking.device(), now, door.limits()), now);
  }

  @Override
  public void onClosed(int code, String reason) {
    door.gone(session());
    session().over(ended != null ? ended : cause(code), reason);
  }

  @Override
  public void onFarewell() {
    if (ended != null && ended.startsWith(REPLACED)) {
      session().answeredItsEnd();
    }
  }

  private static String cause(int code) {
    return switch (code) {
      case CloseCode.SILENT -> "silent";
      case CloseCode.BROKEN -> "lost";
      case CloseCode.NORMAL, CloseCode.GOING_AWAY, CloseCode.NO_CODE -> "closed";
      default -> "closed with " + code;
    };
  }

  @Override
  public void evicted(String cause) {
    door.context().runOnContext(turn -> end(cause));
  }

  @Override
  public void end(String cause) {
    ended = cause;
    if (socket != null) {
      close(cause);
    }
  }

  private void close(String cause) {
    int code =
        switch (cause) {
          case "revoked", "disabled", "deleted" -> CloseCode.REVOKED;
          case "draining" -> CloseCode.GOING_AWAY;
          default -> cause.startsWith(REPLACED) ? CloseCode.REPLACED : CloseCode.UNAVAILABLE;
        };
    socket().close(code, cause);
  }

  @Override
  public void ack(long seq) {
    send(DeviceFrames.ack(encoding, ByteBufAllocator.DEFAULT, seq));
  }

  @Override
  public void refuse(long seq, Refusal refusal) {
    send(DeviceFrames.error(encoding, ByteBufAllocator.DEFAULT, refusal, seq));
  }

  @Override
  public void command(Command command) {
    send(DeviceFrames.command(encoding, ByteBufAllocator.DEFAULT, command));
  }

  @Override
  public void desired(Twin twin) {
    if (socket == null || !socket.isWritable()) {
      untold = twin;
      return;
    }
    untold = null;
    send(DeviceFrames.desired(encoding, ByteBufAllocator.DEFAULT, twin));
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
  public void pong() {
    send(DeviceFrames.pong(encoding, ByteBufAllocator.DEFAULT));
  }

  @Override
  public void hold(boolean held) {
    if (held) {
      socket().hold();
    } else {
      socket().resume();
    }
  }

  private void send(ByteBuf frame) {
    switch (encoding) {
      case JSON -> socket().sendText(frame);
      case CBOR -> socket().sendBinary(frame);
    }
  }

  private FrameSocket socket() {
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

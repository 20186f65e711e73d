package io.signalbox.hub.feed;

import io.netty.buffer.ByteBuf;
import io.signalbox.hub.websocket.WebSocketConnection;
import io.signalbox.hub.wire.FeedEventEncoder;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the events of one turn into few frames of a WebSocket: one event alone is an object,
 * several are an array. A frame for each event would cost more than the events.
 *
 * <p>Threading: the connection's event loop only.
 */
final class WebSocketSink implements EventSink {
  private static final int FULL = 32 * 1024;
  private static final int SMALL = 512;

  private final WebSocketConnection socket;
  private @Nullable ByteBuf frame;
  private int events;

  WebSocketSink(WebSocketConnection socket) {
    this.socket = socket;
  }

  @Override
  public boolean isWritable() {
    if (!socket.isWritable()) {
      // What waits for the end of the turn may leave at once: only a peer that does not read is
      // slow.
      socket.flush();
    }
    return socket.isWritable() && socket.isOpen();
  }

  @Override
  public void event(FeedEventEncoder.Type type, long id, byte[] tail, String cursor) {
    ByteBuf out = next();
    FeedEventEncoder.write(out, type, id, cursor, tail);
    events++;
    if (out.readableBytes() >= FULL) {
      send();
    }
  }

  private ByteBuf next() {
    ByteBuf out = frame;
    if (out == null) {
      out = socket.buffer(SMALL).writeByte('[');
      frame = out;
      return out;
    }
    return out.writeByte(',');
  }

  /** Sends what was gathered. */
  void send() {
    ByteBuf out = frame;
    if (out == null) {
      return;
    }
    frame = null;
    if (events == 1) {
      out.skipBytes(1);
    } else {
      out.writeByte(']');
    }
    events = 0;
    socket.sendText(out);
  }
}

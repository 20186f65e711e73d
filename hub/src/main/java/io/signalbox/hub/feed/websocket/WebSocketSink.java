package io.signalbox.hub.feed.websocket;

import io.netty.buffer.ByteBuf;
import io.signalbox.hub.feed.EventSink;
import io.signalbox.hub.websocket.WebSocketConnection;
import io.signalbox.hub.wire.FeedEventEncoder;
import org.jspecify.annotations.Nullable;

/**
 * Collects the events of one turn into few WebSocket frames: one event is an object, several are an
 * array. A frame per event would cost more than the events.
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
      // Pending writes may be flushed early: only a client that does not read counts as slow.
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

  /** Sends the collected events. */
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

package io.signalbox.hub.live;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.signalbox.hub.wire.LiveFrames;
import io.signalbox.hub.wire.SentEvents;

/**
 * Gathers what is to be written next to a stream of server-sent events.
 *
 * <p>Threading: the event loop of the connection only.
 */
final class EventOutbox implements Outbox {
  private static final int FULL = 32 * 1024;

  private ByteBuf text = Unpooled.buffer(0);
  private boolean free;
  private String cursor = "";

  /** Whether the viewer has taken what was written before. */
  void free(boolean now) {
    free = now;
  }

  @Override
  public boolean hasRoom() {
    return free && text.readableBytes() < FULL;
  }

  @Override
  public void event(LiveFrames.Type type, long id, byte[] tail, String reached) {
    if (type == LiveFrames.Type.RESET) {
      // Who is told this may come back before the next subscription is: only then it has a place.
      int begin = SentEvents.begin(text, type.word(), null);
      LiveFrames.write(text, type, id, reached, tail);
      SentEvents.end(text, begin);
      return;
    }
    int begin = SentEvents.begin(text, type.word(), reached.equals(cursor) ? null : reached);
    cursor = reached;
    LiveFrames.write(text, type, id, tail);
    SentEvents.end(text, begin);
  }

  /** Where the client is that has read as far as this. */
  void place(String reached) {
    cursor = reached;
    SentEvents.place(text, reached);
  }

  /** For what is no event of the feed. */
  ByteBuf text() {
    return text;
  }

  boolean isEmpty() {
    return !text.isReadable();
  }

  /** What was gathered. */
  ByteBuf take() {
    ByteBuf whole = text;
    text = Unpooled.buffer(0);
    return whole;
  }
}

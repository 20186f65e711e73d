package io.signalbox.hub.feed;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.signalbox.hub.wire.FeedEventEncoder;
import io.signalbox.hub.wire.SseEncoder;

/**
 * Gathers what is to be written next to a stream of server-sent events.
 *
 * <p>Threading: the event loop of the connection only.
 */
final class SseSink implements EventSink {
  private static final int FULL = 32 * 1024;

  private ByteBuf text = Unpooled.buffer(0);
  private boolean free;
  private String cursor = "";

  /** Whether the viewer has taken what was written before. */
  void free(boolean now) {
    free = now;
  }

  @Override
  public boolean isWritable() {
    return free && text.readableBytes() < FULL;
  }

  @Override
  public void event(FeedEventEncoder.Type type, long id, byte[] tail, String reached) {
    if (type == FeedEventEncoder.Type.RESET) {
      // Who is told this may come back before the next subscription is: only then it has a place.
      int begin = SseEncoder.begin(text, type.word(), null);
      FeedEventEncoder.write(text, type, id, reached, tail);
      SseEncoder.end(text, begin);
      return;
    }
    int begin = SseEncoder.begin(text, type.word(), reached.equals(cursor) ? null : reached);
    cursor = reached;
    FeedEventEncoder.write(text, type, id, tail);
    SseEncoder.end(text, begin);
  }

  /** Where the client is that has read as far as this. */
  void place(String reached) {
    cursor = reached;
    SseEncoder.place(text, reached);
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

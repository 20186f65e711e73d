package io.signalbox.hub.feed.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.signalbox.hub.feed.EventSink;
import io.signalbox.hub.wire.FeedEventEncoder;
import io.signalbox.hub.wire.SseEncoder;

/**
 * Collects the next bytes of a stream of server-sent events.
 *
 * <p>Threading: the event loop of the connection only.
 */
final class SseSink implements EventSink {
  private static final int FULL = 32 * 1024;

  private ByteBuf text = Unpooled.buffer(0);
  private boolean free;
  private String cursor = "";

  /** Sets whether the client has read the previous bytes. */
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
      // The client may reconnect before the next subscription gets this event, so the id covers
      // all.
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

  /** Writes the resume position of a client that has read up to this point. */
  void place(String reached) {
    cursor = reached;
    SseEncoder.place(text, reached);
  }

  /** The buffer, for text that is not an event of the feed. */
  ByteBuf text() {
    return text;
  }

  boolean isEmpty() {
    return !text.isReadable();
  }

  /** Takes the collected bytes. */
  ByteBuf take() {
    ByteBuf whole = text;
    text = Unpooled.buffer(0);
    return whole;
  }
}

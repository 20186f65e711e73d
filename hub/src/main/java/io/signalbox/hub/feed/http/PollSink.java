package io.signalbox.hub.feed.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.signalbox.hub.feed.EventSink;
import io.signalbox.hub.wire.FeedEventEncoder;

/**
 * Collects the response of a poll: {@code {"cursor":"…","time":…,"events":[…]}}.
 *
 * <p>Threading: the event loop of the connection only.
 */
final class PollSink implements EventSink {
  private static final int FULL = 1024 * 1024;

  private final ByteBuf events = Unpooled.buffer(0);
  private final int most;
  private int count;

  PollSink(int most) {
    this.most = most;
  }

  @Override
  public boolean isWritable() {
    return count < most && events.readableBytes() < FULL;
  }

  @Override
  public int capacity() {
    return isWritable() ? most - count : 0;
  }

  @Override
  public void event(FeedEventEncoder.Type type, long id, byte[] tail, String cursor) {
    if (count++ > 0) {
      events.writeByte(',');
    }
    if (type == FeedEventEncoder.Type.RESET) {
      FeedEventEncoder.write(events, type, id, cursor, tail);
    } else {
      FeedEventEncoder.write(events, type, id, tail);
    }
  }

  boolean isEmpty() {
    return count == 0;
  }

  /**
   * The complete response.
   *
   * @param time wall time, Unix milliseconds
   */
  ByteBuf page(String cursor, long time) {
    ByteBuf page = Unpooled.buffer(events.readableBytes() + cursor.length() + 64);
    ByteBufUtil.writeAscii(page, "{\"cursor\":\"" + cursor + "\",\"time\":" + time);
    ByteBufUtil.writeAscii(page, ",\"events\":[");
    return page.writeBytes(events).writeByte(']').writeByte('}');
  }
}

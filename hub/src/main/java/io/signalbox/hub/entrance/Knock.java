package io.signalbox.hub.entrance;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import java.nio.charset.StandardCharsets;

/**
 * The first bytes of a connection: HTTP/2 with prior knowledge begins with its preface (RFC 9113
 * section 3.4), everything else is HTTP/1.1. Vert.x decides the same; the first byte that is not
 * the preface's is shown to it alone, so that a {@link Watch} can stand between its decoder and
 * whatever acts on requests before the first of them comes. Then this is gone, and costs nothing.
 *
 * <p>Threading: the event loop of the connection.
 */
final class Knock extends ChannelInboundHandlerAdapter {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** Vert.x' handler of {@code Upgrade: h2c}, on every connection in clear text. */
  private static final String UPGRADE = "h2c";

  private final long headPatience;
  private int matched;

  Knock(long headPatience) {
    this.headPatience = headPatience;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      context.fireChannelRead(message);
      return;
    }
    int same = sameAsPreface(bytes);
    matched += same;
    if (matched == PREFACE.length) {
      context.pipeline().remove(this);
    } else if (same < bytes.readableBytes()) {
      context.fireChannelRead(bytes.readRetainedSlice(same + 1));
      watch(context.pipeline());
      context.pipeline().remove(this);
    }
    context.fireChannelRead(bytes);
  }

  private int sameAsPreface(ByteBuf bytes) {
    int most = Math.min(bytes.readableBytes(), PREFACE.length - matched);
    int same = 0;
    while (same < most && bytes.getByte(bytes.readerIndex() + same) == PREFACE[matched + same]) {
      same++;
    }
    return same;
  }

  private void watch(ChannelPipeline pipeline) {
    if (pipeline.get(UPGRADE) != null) {
      pipeline.addBefore(UPGRADE, Watch.NAME, new Watch(headPatience));
    }
  }
}

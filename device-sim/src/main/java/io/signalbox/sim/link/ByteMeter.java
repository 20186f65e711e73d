package io.signalbox.sim.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/** Netty handler that counts the bytes of a connection; must be first in the pipeline. */
public final class ByteMeter extends ChannelDuplexHandler {
  private final TrafficMetrics.Counts counts;

  /** Creates a handler that counts into {@code counts}. */
  public ByteMeter(TrafficMetrics.Counts counts) {
    this.counts = counts;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes) {
      counts.bytesDown.add(bytes.readableBytes());
    }
    context.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      counts.bytesUp.add(bytes.readableBytes());
    }
    var unused = context.write(message, promise);
  }
}

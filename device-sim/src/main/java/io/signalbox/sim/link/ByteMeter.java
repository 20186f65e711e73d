package io.signalbox.sim.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/** Counts what goes over a connection, from the moment when it is put first in its pipeline. */
public final class ByteMeter extends ChannelDuplexHandler {
  private final TrafficMetrics.Counts counts;

  /** A meter that counts into {@code counts}. */
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

package io.signalbox.hub.entrance;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.impl.transports.TransportInternal;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.transport.Transport;
import java.time.Duration;

/**
 * Vert.x' transport with somebody at the door: {@link Knock} sees the first bytes of every
 * connection that comes in, which Vert.x shows to nobody before the first request is whole.
 *
 * <p>Threading: stateless.
 */
public final class Entrance extends NioTransport {
  private final Duration headPatience;

  private Entrance(Duration headPatience) {
    this.headPatience = headPatience;
  }

  /**
   * The transport of a hub.
   *
   * @param headPatience longest time that the head of a request may take to arrive
   */
  public static Transport transport(Duration headPatience) {
    return new TransportInternal("nio", true, null, new Entrance(headPatience));
  }

  @Override
  public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
    super.configure(config, domainSocket, bootstrap);
    bootstrap.handler(new Bell());
  }

  /** Sees each connection when it is accepted, before its event loop does. */
  @Sharable
  private final class Bell extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
      if (accepted instanceof Channel guest) {
        guest.pipeline().addLast("knock", new Knock(headPatience.toMillis()));
      }
      context.fireChannelRead(accepted);
    }
  }
}

package io.signalbox.hub.http.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.spi.transport.Transport;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hub's Vert.x transport: Netty's native epoll where available (Linux on x86-64 and ARM64 with
 * glibc), else NIO. All methods delegate to the Vert.x transport. In addition, every accepted
 * connection gets {@link TcpPeerTimeouts} as socket options and a {@link Http2PrefaceDetector} for
 * its first bytes, since Vert.x exposes a connection only when its first request is complete.
 *
 * <p>Threading: stateless.
 */
public final class ProtocolDetectingTransport implements Transport {
  private static final Logger LOG = LoggerFactory.getLogger(ProtocolDetectingTransport.class);

  private final Transport vertx;
  private final boolean epoll;
  private final TcpPeerTimeouts timeouts;
  private final Duration headerTimeout;
  private final TrustedProxies proxies;
  private final ConnectionErrorMetrics faults;

  private ProtocolDetectingTransport(
      io.vertx.core.transport.Transport chosen,
      TcpPeerTimeouts timeouts,
      Duration headerTimeout,
      TrustedProxies proxies,
      ConnectionErrorMetrics faults) {
    this.vertx = chosen.implementation();
    this.epoll = chosen.name().equals("epoll");
    this.timeouts = timeouts;
    this.headerTimeout = headerTimeout;
    this.proxies = proxies;
    this.faults = faults;
  }

  /**
   * Creates the transport.
   *
   * @param timeouts when to give up a peer that has vanished
   * @param headerTimeout longest time for a request head to arrive
   * @param proxies proxies whose connections may start with a PROXY header
   * @param faults counters of errors before Vert.x exposes the connection
   */
  public static io.vertx.core.transport.Transport transport(
      TcpPeerTimeouts timeouts,
      Duration headerTimeout,
      TrustedProxies proxies,
      ConnectionErrorMetrics faults) {
    io.vertx.core.transport.Transport chosen = fastest();
    return new NamedTransport(
        chosen.name(),
        new ProtocolDetectingTransport(chosen, timeouts, headerTimeout, proxies, faults));
  }

  private static io.vertx.core.transport.Transport fastest() {
    io.vertx.core.transport.Transport epoll = io.vertx.core.transport.Transport.EPOLL;
    if (epoll != null && epoll.available()) {
      return epoll;
    }
    Throwable cause = epoll == null ? null : epoll.unavailabilityCause();
    LOG.debug("Native epoll transport not available, using NIO: {}", String.valueOf(cause));
    return io.vertx.core.transport.Transport.NIO;
  }

  /** An available transport with its name. */
  private record NamedTransport(String name, Transport implementation)
      implements io.vertx.core.transport.Transport {
    @Override
    public boolean available() {
      return true;
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
      return null;
    }
  }

  @Override
  public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
    vertx.configure(config, domainSocket, bootstrap);
    if (epoll) {
      timeouts.applyToEpoll(bootstrap);
    } else {
      timeouts.applyToNio(bootstrap);
    }
    bootstrap.handler(new ChildInitializer());
  }

  /** Handles each connection as it is accepted, before its event loop does. */
  @Sharable
  private final class ChildInitializer extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
      if (accepted instanceof Channel client) {
        proxies.accepted(client);
        client
            .pipeline()
            .addLast("prefaceDetector", new Http2PrefaceDetector(headerTimeout.toMillis(), faults));
      }
      context.fireChannelRead(accepted);
    }
  }

  @Override
  public boolean supportsDomainSockets() {
    return vertx.supportsDomainSockets();
  }

  @Override
  public boolean supportFileRegion() {
    return vertx.supportFileRegion();
  }

  @Override
  public java.net.SocketAddress convert(SocketAddress address) {
    return vertx.convert(address);
  }

  @Override
  public SocketAddress convert(java.net.SocketAddress address) {
    return vertx.convert(address);
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return vertx.ioHandlerFactory();
  }

  @Override
  public EventLoopGroup eventLoopGroup(
      int type, int threads, ThreadFactory threadFactory, int ioRatio) {
    return vertx.eventLoopGroup(type, threads, threadFactory, ioRatio);
  }

  @Override
  @SuppressWarnings("deprecation") // Vert.x declares the parameter.
  public DatagramChannel datagramChannel(InternetProtocolFamily family) {
    return vertx.datagramChannel(family);
  }

  @Override
  public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
    return vertx.datagramChannelFactory();
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
    return vertx.channelFactory(domainSocket);
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    return vertx.serverChannelFactory(domainSocket);
  }

  @Override
  public void configure(DatagramChannel channel, DatagramSocketOptions options) {
    vertx.configure(channel, options);
  }

  @Override
  public void configure(TcpConfig config, boolean domainSocket, Bootstrap bootstrap) {
    vertx.configure(config, domainSocket, bootstrap);
  }
}

package io.signalbox.hub.http.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.AddressFamily;
import io.netty.handler.codec.haproxy.HAProxySSLTLV;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.signalbox.hub.http.RequestSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the PROXY protocol header off the start of a connection, records the client's address, and
 * removes itself. A header that is malformed, too long or incomplete when the timeout ends closes
 * the connection, and is counted.
 *
 * <p>Threading: the event loop of the connection.
 */
final class ProxyProtocolHandler extends ChannelInboundHandlerAdapter {
  /** Name of the handler in the pipeline. */
  static final String NAME = "proxyHeader";

  private static final Logger LOG = LoggerFactory.getLogger(ProxyProtocolHandler.class);

  private final long headerMillis;
  private final LongAdder refused;
  private @Nullable ScheduledFuture<?> timeout;

  ProxyProtocolHandler(long headerMillis, LongAdder refused) {
    this.headerMillis = headerMillis;
    this.refused = refused;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HAProxyMessage header) {
      try {
        take(context, header);
      } finally {
        header.release();
      }
    } else {
      context.fireChannelRead(message);
    }
  }

  private void take(ChannelHandlerContext context, HAProxyMessage header) {
    AddressFamily family = header.proxiedProtocol().addressFamily();
    // LOCAL (a health check) and UNKNOWN mean the connection of the proxy itself.
    if (family == AddressFamily.AF_IPv4 || family == AddressFamily.AF_IPv6) {
      RequestSource.proxied(
          context.channel(),
          new InetSocketAddress(address(header.sourceAddress()), header.sourcePort()),
          isSecure(header));
    }
    context.pipeline().remove(this);
  }

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(literal));
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Whether the client uses TLS; null if the proxy does not report it. */
  private static @Nullable Boolean isSecure(HAProxyMessage header) {
    return header.tlvs().stream()
        .filter(HAProxySSLTLV.class::isInstance)
        .map(tls -> ((HAProxySSLTLV) tls).isPP2ClientSSL())
        .findFirst()
        .orElse(null);
  }

  /** Starts the timer: the header is incomplete. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (timeout == null) {
      timeout =
          context
              .executor()
              .schedule(
                  () -> refuse(context, "incomplete after the timeout"),
                  headerMillis,
                  TimeUnit.MILLISECONDS);
    }
    context.fireChannelReadComplete();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    refuse(context, String.valueOf(cause.getMessage()));
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (timeout != null) {
      timeout.cancel(false);
    }
  }

  private void refuse(ChannelHandlerContext context, String fault) {
    refused.increment();
    SocketAddress proxy = context.channel().remoteAddress();
    context
        .close()
        .addListener(closed -> LOG.debug("PROXY header of {} refused: {}", proxy, fault));
  }
}

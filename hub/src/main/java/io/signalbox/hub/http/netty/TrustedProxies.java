package io.signalbox.hub.http.netty;

import io.netty.channel.Channel;
import io.signalbox.hub.config.AddressRanges;
import io.signalbox.hub.http.RequestSource;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * The proxies in front of the hub. Their connections are marked when they are accepted, and may
 * begin with a header of the PROXY protocol; nothing changes for all others.
 *
 * <p>Threading: any thread.
 */
public final class TrustedProxies {
  private final AddressRanges ranges;
  private final long headerMillis;
  private final LongAdder refused = new LongAdder();

  /**
   * These proxies.
   *
   * @param headerTimeout longest time that a header of the PROXY protocol may take to arrive
   */
  public TrustedProxies(AddressRanges ranges, Duration headerTimeout) {
    this.ranges = ranges;
    this.headerMillis = headerTimeout.toMillis();
  }

  /** Connections that ended because their PROXY header was malformed, too long or too slow. */
  public long refused() {
    return refused.sum();
  }

  /** A connection was accepted; nothing has been read of it. */
  void accepted(Channel connection) {
    if (!ranges.isEmpty()
        && connection.remoteAddress() instanceof InetSocketAddress peer
        && ranges.contains(peer.getAddress())) {
      RequestSource.trust(connection, ranges);
      connection.pipeline().addLast(new ProxyProtocolDetector(headerMillis, refused));
    }
  }
}

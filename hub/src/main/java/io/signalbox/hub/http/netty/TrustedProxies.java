package io.signalbox.hub.http.netty;

import io.netty.channel.Channel;
import io.signalbox.hub.config.AddressRanges;
import io.signalbox.hub.http.RequestSource;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * The trusted proxies in front of the hub. Their connections are marked when they are accepted, and
 * may start with a PROXY protocol header. Other connections are not affected.
 *
 * <p>Threading: any thread.
 */
public final class TrustedProxies {
  private final AddressRanges ranges;
  private final long headerMillis;
  private final LongAdder refused = new LongAdder();

  /**
   * Creates the proxies.
   *
   * @param headerTimeout longest time for a PROXY protocol header to arrive
   */
  public TrustedProxies(AddressRanges ranges, Duration headerTimeout) {
    this.ranges = ranges;
    this.headerMillis = headerTimeout.toMillis();
  }

  /** Number of connections closed because of a malformed, oversized or slow PROXY header. */
  public long refused() {
    return refused.sum();
  }

  /** Prepares an accepted connection before anything is read from it. */
  void accepted(Channel connection) {
    if (!ranges.isEmpty()
        && connection.remoteAddress() instanceof InetSocketAddress peer
        && ranges.contains(peer.getAddress())) {
      RequestSource.trust(connection, ranges);
      connection.pipeline().addLast(new ProxyProtocolDetector(headerMillis, refused));
    }
  }
}

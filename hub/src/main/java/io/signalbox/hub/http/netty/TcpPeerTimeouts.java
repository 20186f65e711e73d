package io.signalbox.hub.http.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When the kernel gives up a connection whose peer has vanished without a word (a cable is pulled,
 * a modem loses its network, a NAT forgets). Two cases:
 *
 * <ul>
 *   <li>Bytes were written and the peer's kernel does not acknowledge them: {@code
 *       TCP_USER_TIMEOUT} ends the connection after one and a half heartbeats. Whatever stays open
 *       is written to twice a heartbeat, so this is two heartbeats after the peer has vanished. A
 *       peer that is there and reads nothing for that long is treated alike, as on a WebSocket,
 *       whose pings it would not answer either: its kernel acknowledges the probes of its closed
 *       window, and no byte.
 *   <li>Nothing was written, as on a held poll: after one heartbeat of silence the kernel sends
 *       keepalive probes, three to a heartbeat, which a peer's kernel answers by itself.
 * </ul>
 *
 * <p>A connection has the timeouts of the gateway's heartbeat until a request tells what it is for:
 * the feed has a heartbeat of its own. On one connection the latest request counts.
 *
 * <p>NIO knows no {@code TCP_USER_TIMEOUT}: there only the second case is noticed in time, the
 * first when the operating system gives up (Linux: about 15 minutes).
 *
 * @param idleSeconds silence before the first keepalive probe
 * @param intervalSeconds time between two probes
 * @param probes unanswered probes after which the connection ends
 * @param unacknowledgedMillis longest time that written bytes stay unacknowledged
 */
public record TcpPeerTimeouts(
    int idleSeconds, int intervalSeconds, int probes, int unacknowledgedMillis) {
  private static final Logger LOG = LoggerFactory.getLogger(TcpPeerTimeouts.class);
  private static final AttributeKey<TcpPeerTimeouts> OWN = AttributeKey.valueOf("peerTimeouts");
  private static final int PROBES = 3;

  /** What fits a heartbeat, in seconds. */
  public static TcpPeerTimeouts of(int heartbeatSeconds) {
    return new TcpPeerTimeouts(
        heartbeatSeconds,
        Math.max(1, heartbeatSeconds / PROBES),
        PROBES,
        (int) TimeUnit.SECONDS.toMillis(heartbeatSeconds) * 3 / 2);
  }

  /** Whether bytes that the peer does not acknowledge end a connection in time: not so with NIO. */
  public static boolean coverWrittenBytes() {
    return Epoll.isAvailable();
  }

  /** Those of a connection: its own, or else the usual ones. */
  static TcpPeerTimeouts of(Channel connection, TcpPeerTimeouts usual) {
    TcpPeerTimeouts own = connection.hasAttr(OWN) ? connection.attr(OWN).get() : null;
    return own == null ? usual : own;
  }

  /** Longest time that a peer does not acknowledge, in seconds, rounded. */
  int unacknowledgedSeconds() {
    return Math.max(1, Math.round(unacknowledgedMillis / 1_000f));
  }

  /** Gives them to one connection, which may have others; on its event loop. */
  public void applyTo(HttpConnection connection) {
    if (connection instanceof ConnectionBase base
        && !equals(base.channel().attr(OWN).getAndSet(this))) {
      try {
        applyTo(base.channel());
      } catch (ChannelException closed) {
        LOG.debug("The timeouts of a connection cannot be set", closed);
      }
    }
  }

  private void applyTo(Channel channel) {
    ChannelConfig config = channel.config();
    if (channel instanceof EpollSocketChannel) {
      config.setOption(EpollChannelOption.TCP_KEEPIDLE, idleSeconds);
      config.setOption(EpollChannelOption.TCP_KEEPINTVL, intervalSeconds);
      config.setOption(EpollChannelOption.TCP_USER_TIMEOUT, unacknowledgedMillis);
    } else if (NioOptions.KNOWN) {
      config.setOption(NioOptions.IDLE, idleSeconds);
      config.setOption(NioOptions.INTERVAL, intervalSeconds);
    }
  }

  /** Sets the options of every connection that a native epoll server accepts. */
  void applyToEpoll(ServerBootstrap bootstrap) {
    bootstrap
        .childOption(ChannelOption.SO_KEEPALIVE, true)
        .childOption(EpollChannelOption.TCP_KEEPIDLE, idleSeconds)
        .childOption(EpollChannelOption.TCP_KEEPINTVL, intervalSeconds)
        .childOption(EpollChannelOption.TCP_KEEPCNT, probes)
        .childOption(EpollChannelOption.TCP_USER_TIMEOUT, unacknowledgedMillis);
  }

  /** The same of an NIO server, as far as the platform has the options. */
  void applyToNio(ServerBootstrap bootstrap) {
    bootstrap.childOption(ChannelOption.SO_KEEPALIVE, true);
    if (NioOptions.KNOWN) {
      bootstrap
          .childOption(NioOptions.IDLE, idleSeconds)
          .childOption(NioOptions.INTERVAL, intervalSeconds)
          .childOption(NioOptions.COUNT, probes);
    }
  }

  /** Looked up when NIO is used. */
  private static final class NioOptions {
    static final ChannelOption<Integer> IDLE =
        NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE);
    static final ChannelOption<Integer> INTERVAL =
        NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL);
    static final ChannelOption<Integer> COUNT =
        NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT);
    static final boolean KNOWN =
        known()
            .containsAll(
                List.of(
                    ExtendedSocketOptions.TCP_KEEPIDLE,
                    ExtendedSocketOptions.TCP_KEEPINTERVAL,
                    ExtendedSocketOptions.TCP_KEEPCOUNT));

    private NioOptions() {}

    private static Set<SocketOption<?>> known() {
      try (SocketChannel probe = SocketChannel.open()) {
        return probe.supportedOptions();
      } catch (IOException noSocket) {
        return Set.of();
      }
    }
  }
}

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
import io.signalbox.hub.http.ConnectionChannel;
import io.vertx.core.http.HttpConnection;
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
 * TCP timeouts after which the kernel ends a connection whose peer has vanished silently (cable
 * pulled, modem without network, NAT entry lost). Two cases:
 *
 * <ul>
 *   <li>Written bytes are not acknowledged by the peer's kernel: {@code TCP_USER_TIMEOUT} ends the
 *       connection after one and a half heartbeats. Open connections are written to twice per
 *       heartbeat, so this is at most two heartbeats after the peer vanished. A live peer that
 *       reads nothing for that long is treated alike, as on a WebSocket, where it would not answer
 *       pings either: its kernel acknowledges window probes, but no bytes.
 *   <li>Nothing was written, as on a held poll: after one heartbeat of silence the kernel sends
 *       keepalive probes, three per heartbeat, which the peer's kernel answers by itself.
 * </ul>
 *
 * <p>A connection has the timeouts of the gateway's heartbeat until a request shows its purpose:
 * the feed has its own heartbeat. On one connection the latest request counts.
 *
 * <p>NIO has no {@code TCP_USER_TIMEOUT}: there only the second case is detected in time, the first
 * when the operating system gives up (Linux: about 15 minutes).
 *
 * @param idleSeconds silence before the first keepalive probe
 * @param intervalSeconds time between two probes
 * @param probes unanswered probes after which the connection ends
 * @param unacknowledgedMillis longest time that written bytes may stay unacknowledged
 */
public record TcpPeerTimeouts(
    int idleSeconds, int intervalSeconds, int probes, int unacknowledgedMillis) {
  private static final Logger LOG = LoggerFactory.getLogger(TcpPeerTimeouts.class);
  private static final AttributeKey<TcpPeerTimeouts> OWN = AttributeKey.valueOf("peerTimeouts");
  private static final int PROBES = 3;

  /** The timeouts for a heartbeat in seconds. */
  public static TcpPeerTimeouts of(int heartbeatSeconds) {
    return new TcpPeerTimeouts(
        heartbeatSeconds,
        Math.max(1, heartbeatSeconds / PROBES),
        PROBES,
        (int) TimeUnit.SECONDS.toMillis(heartbeatSeconds) * 3 / 2);
  }

  /** Whether unacknowledged bytes end a connection in time: true with epoll, false with NIO. */
  public static boolean coverWrittenBytes() {
    return Epoll.isAvailable();
  }

  /** The timeouts of a connection: its own, or else the usual ones. */
  static TcpPeerTimeouts of(Channel connection, TcpPeerTimeouts usual) {
    TcpPeerTimeouts own = connection.hasAttr(OWN) ? connection.attr(OWN).get() : null;
    return own == null ? usual : own;
  }

  /** Longest time without an acknowledgement, in seconds, rounded. */
  int unacknowledgedSeconds() {
    return Math.max(1, Math.round(unacknowledgedMillis / 1_000f));
  }

  /** Sets the timeouts of one connection. Call on its event loop. */
  public void applyTo(HttpConnection connection) {
    Channel channel = ConnectionChannel.of(connection);
    if (!equals(channel.attr(OWN).getAndSet(this))) {
      try {
        applyTo(channel);
      } catch (ChannelException closed) {
        LOG.debug("Timeouts of a connection could not be set", closed);
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

  /** Sets the options for all connections that an epoll server accepts. */
  void applyToEpoll(ServerBootstrap bootstrap) {
    bootstrap
        .childOption(ChannelOption.SO_KEEPALIVE, true)
        .childOption(EpollChannelOption.TCP_KEEPIDLE, idleSeconds)
        .childOption(EpollChannelOption.TCP_KEEPINTVL, intervalSeconds)
        .childOption(EpollChannelOption.TCP_KEEPCNT, probes)
        .childOption(EpollChannelOption.TCP_USER_TIMEOUT, unacknowledgedMillis);
  }

  /** Sets the options for all connections of an NIO server, if the platform supports them. */
  void applyToNio(ServerBootstrap bootstrap) {
    bootstrap.childOption(ChannelOption.SO_KEEPALIVE, true);
    if (NioOptions.KNOWN) {
      bootstrap
          .childOption(NioOptions.IDLE, idleSeconds)
          .childOption(NioOptions.INTERVAL, intervalSeconds)
          .childOption(NioOptions.COUNT, probes);
    }
  }

  /** Resolved only when NIO is used. */
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

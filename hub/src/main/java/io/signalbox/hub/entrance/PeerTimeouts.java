package io.signalbox.hub.entrance;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import java.io.IOException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;

/**
 * When the kernel gives up a connection whose peer has vanished without a word (a cable is pulled,
 * a modem loses its network, a NAT forgets). Two cases:
 *
 * <ul>
 *   <li>Bytes were written and the peer's kernel does not acknowledge them: {@code
 *       TCP_USER_TIMEOUT} ends the connection after one and a half heartbeats. Whatever stays open
 *       is written to twice a heartbeat, so this is two heartbeats after the peer has vanished.
 *   <li>Nothing was written, as on a held poll: after one heartbeat of silence the kernel sends
 *       keepalive probes, three to a heartbeat, which a peer's kernel answers by itself.
 * </ul>
 *
 * <p>NIO knows no {@code TCP_USER_TIMEOUT}: there only the second case is noticed in time, the
 * first when the operating system gives up (Linux: about 15 minutes).
 *
 * @param idleSeconds silence before the first keepalive probe
 * @param intervalSeconds time between two probes
 * @param probes unanswered probes after which the connection ends
 * @param unacknowledgedMillis longest time that written bytes stay unacknowledged
 */
public record PeerTimeouts(
    int idleSeconds, int intervalSeconds, int probes, int unacknowledgedMillis) {
  private static final int PROBES = 3;

  /** What fits a heartbeat, in seconds. */
  public static PeerTimeouts of(int heartbeatSeconds) {
    return new PeerTimeouts(
        heartbeatSeconds,
        Math.max(1, heartbeatSeconds / PROBES),
        PROBES,
        (int) TimeUnit.SECONDS.toMillis(heartbeatSeconds) * 3 / 2);
  }

  /** Whether bytes that the peer does not acknowledge end a connection in time: not so with NIO. */
  public static boolean coverWrittenBytes() {
    return Epoll.isAvailable();
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
    Set<SocketOption<?>> known = knownToNio();
    bootstrap.childOption(ChannelOption.SO_KEEPALIVE, true);
    if (known.contains(ExtendedSocketOptions.TCP_KEEPIDLE)
        && known.contains(ExtendedSocketOptions.TCP_KEEPINTERVAL)
        && known.contains(ExtendedSocketOptions.TCP_KEEPCOUNT)) {
      bootstrap
          .childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), idleSeconds)
          .childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), intervalSeconds)
          .childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), probes);
    }
  }

  private static Set<SocketOption<?>> knownToNio() {
    try (SocketChannel probe = SocketChannel.open()) {
      return probe.supportedOptions();
    } catch (IOException noSocket) {
      return Set.of();
    }
  }
}

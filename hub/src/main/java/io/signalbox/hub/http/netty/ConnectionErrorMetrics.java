package io.signalbox.hub.http.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.signalbox.hub.http.PeerTimeout;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what is no HTTP (heads that cannot be read, frames that break HTTP/2, connections that end
 * within a message), and connections whose peer did not acknowledge. A stranger can cause such
 * things without end, so they are in the log at DEBUG only; Vert.x would write each as an error.
 *
 * <p>Threading: any thread.
 */
public final class ConnectionErrorMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionErrorMetrics.class);

  /** Why a connection counts as malformed. */
  public enum Reason {
    /** A request line, a header or a chunk that cannot be read, or a head that is too large. */
    HTTP1,
    /** A frame or a header block that breaks HTTP/2. */
    HTTP2,
    /** A head, or the SETTINGS of HTTP/2, that did not come in time. */
    TIMEOUT,
    /** The connection broke: a reset, for example. */
    CONNECTION
  }

  private final TcpPeerTimeouts usual;
  private final Map<Reason, LongAdder> faults = new EnumMap<>(Reason.class);
  private final LongAdder unacknowledged = new LongAdder();
  private final Handler<Throwable> handler = this::broken;
  private final Observer observer = new Observer();

  /**
   * Nothing counted.
   *
   * @param usual what holds for a connection that has no timeouts of its own
   */
  public ConnectionErrorMetrics(TcpPeerTimeouts usual) {
    this.usual = usual;
    for (Reason reason : Reason.values()) {
      faults.put(reason, new LongAdder());
    }
  }

  /** Counts what goes wrong on a connection from here on. */
  public void watch(HttpConnection connection) {
    connection.exceptionHandler(handler);
  }

  /** Counts an exception of a connection; what is answered is counted where that is done. */
  void broken(Throwable cause) {
    if (cause instanceof Http2Exception http2) {
      boolean late = http2.error() == Http2Error.SETTINGS_TIMEOUT;
      count(late ? Reason.TIMEOUT : Reason.HTTP2, cause.toString());
    } else if (cause instanceof IOException && !PeerTimeout.isCause(cause)) {
      count(Reason.CONNECTION, cause.toString());
    } else {
      LOG.debug("A connection has failed", cause);
    }
  }

  /** Counts what could not be read, or did not come in time; the detail is for the log. */
  public void count(Reason reason, String detail) {
    adder(reason).increment();
    LOG.debug("A connection is malformed ({}): {}", reason, detail);
  }

  /**
   * Counts a connection that the kernel has ended because its peer did not acknowledge.
   *
   * @return what to tell of its end
   */
  public String countUnacknowledged(Channel connection) {
    unacknowledged.increment();
    int seconds = TcpPeerTimeouts.of(connection, usual).unacknowledgedSeconds();
    String detail = "the peer did not acknowledge for " + seconds + " s";
    LOG.debug("The connection of {} has ended: {}", connection.remoteAddress(), detail);
    return detail;
  }

  /** How many there have been for that reason. */
  public long counted(Reason reason) {
    return adder(reason).sum();
  }

  private LongAdder adder(Reason reason) {
    return Objects.requireNonNull(faults.get(reason));
  }

  /** How many connections have ended because their peer did not acknowledge. */
  public long unacknowledged() {
    return unacknowledged.sum();
  }

  /** For connections on which nobody else notices: those of HTTP/2. */
  Observer observer() {
    return observer;
  }

  /** Counts a connection that the kernel ends, however it is told. */
  @Sharable
  final class Observer extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (PeerTimeout.isCause(cause)) {
        countUnacknowledged(context.channel());
      }
      context.fireExceptionCaught(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (PeerTimeout.hasClosed(context.channel())) {
        countUnacknowledged(context.channel());
      }
      context.fireChannelInactive();
    }
  }
}

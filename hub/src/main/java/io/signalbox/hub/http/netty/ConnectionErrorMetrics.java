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
 * Counters of protocol errors (malformed request heads, invalid HTTP/2 frames, connections that
 * break within a message) and of connections whose peer did not acknowledge. Anyone can cause such
 * errors without limit, so they are logged at DEBUG only; Vert.x would log each as an error.
 *
 * <p>Threading: any thread.
 */
public final class ConnectionErrorMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionErrorMetrics.class);

  /** Category of a protocol error. */
  public enum Reason {
    /** A malformed request line, header or chunk, or an oversized head. */
    HTTP1,
    /** A frame or header block that violates HTTP/2. */
    HTTP2,
    /** A request head, or the SETTINGS of HTTP/2, that did not arrive in time. */
    TIMEOUT,
    /** The connection broke, for example by a reset. */
    CONNECTION
  }

  private final TcpPeerTimeouts usual;
  private final Map<Reason, LongAdder> faults = new EnumMap<>(Reason.class);
  private final LongAdder unacknowledged = new LongAdder();
  private final Handler<Throwable> handler = this::broken;
  private final Observer observer = new Observer();

  /**
   * Creates counters at zero.
   *
   * @param usual timeouts of connections that have none of their own
   */
  public ConnectionErrorMetrics(TcpPeerTimeouts usual) {
    this.usual = usual;
    for (Reason reason : Reason.values()) {
      faults.put(reason, new LongAdder());
    }
  }

  /** Counts the errors of a connection from now on. */
  public void watch(HttpConnection connection) {
    connection.exceptionHandler(handler);
  }

  /** Counts an exception of a connection. Errors with a response are counted by its sender. */
  void broken(Throwable cause) {
    if (cause instanceof Http2Exception http2) {
      boolean late = http2.error() == Http2Error.SETTINGS_TIMEOUT;
      count(late ? Reason.TIMEOUT : Reason.HTTP2, cause.toString());
    } else if (cause instanceof IOException && !PeerTimeout.isCause(cause)) {
      count(Reason.CONNECTION, cause.toString());
    } else {
      LOG.debug("Connection failed", cause);
    }
  }

  /** Counts an error; the detail is logged. */
  public void count(Reason reason, String detail) {
    adder(reason).increment();
    LOG.debug("Protocol error ({}): {}", reason, detail);
  }

  /**
   * Counts a connection that the kernel ended because its peer did not acknowledge.
   *
   * @return the reason as text
   */
  public String countUnacknowledged(Channel connection) {
    unacknowledged.increment();
    int seconds = TcpPeerTimeouts.of(connection, usual).unacknowledgedSeconds();
    String detail = "the peer did not acknowledge for " + seconds + " s";
    LOG.debug("Connection of {} ended: {}", connection.remoteAddress(), detail);
    return detail;
  }

  /** Number of errors in a category. */
  public long counted(Reason reason) {
    return adder(reason).sum();
  }

  private LongAdder adder(Reason reason) {
    return Objects.requireNonNull(faults.get(reason));
  }

  /** Number of connections that ended because their peer did not acknowledge. */
  public long unacknowledged() {
    return unacknowledged.sum();
  }

  /** Handler for HTTP/2 connections, where no other handler counts unacknowledged data. */
  Observer observer() {
    return observer;
  }

  /** Counts a connection that the kernel ends, whether Netty reports it as an exception or not. */
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

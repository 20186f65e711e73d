package io.signalbox.hub.http.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import io.signalbox.hub.http.PeerTimeout;
import io.signalbox.hub.http.netty.ConnectionErrorMetrics.Reason;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.wire.ProblemJson;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind the decoder of an HTTP/1.1 connection, where Vert.x would only cut it: a head that
 * trickles in is answered 408, a body whose chunks are broken 400. A timer runs only while a head
 * has begun and is not whole. {@code Upgrade: h2c} is taken out of requests: RFC 9113 dropped it,
 * and a proxy that lets it pass would hand out its connection to the hub.
 *
 * <p>A client that ends its sending side behind its request is answered before the connection is
 * closed. A client that has gone away looks the same; so this holds for a few seconds behind the
 * request, and then for as long as something is written in each such time.
 *
 * <p>Threading: the event loop of the connection.
 */
public final class Http1RequestGuard extends ChannelDuplexHandler {
  /** Its name in the pipeline, by which a connection that turns into something else drops it. */
  public static final String NAME = "watch";

  /** How long after a request, or a part of its answer, a client that has ended its half waits. */
  private static final Duration HALF_CLOSED_PATIENCE = Duration.ofSeconds(5);

  private final long headTimeout;
  private final ConnectionErrorMetrics faults;
  private long patience;
  private int unanswered;
  private long requestedAt;
  private boolean halfClosed;
  private boolean written;
  private boolean within;
  private boolean seen;
  private boolean refused;
  private @Nullable ScheduledFuture<?> lateness;
  private @Nullable ScheduledFuture<?> silence;

  /**
   * A watch over one connection.
   *
   * @param headTimeout longest time that a head may take to arrive, in milliseconds
   * @param first the same for what is left of the first head
   */
  Http1RequestGuard(long headTimeout, long first, ConnectionErrorMetrics faults) {
    this.headTimeout = headTimeout;
    this.patience = first;
    this.faults = faults;
  }

  /** Watches over a connection of HTTP/1.1 that nobody watches over yet: one that came by TLS. */
  public static void over(
      HttpConnection connection, Duration headTimeout, ConnectionErrorMetrics faults) {
    if (connection instanceof ConnectionBase client) {
      ChannelPipeline pipeline = client.channelHandlerContext().pipeline();
      if (pipeline.get("httpDecoder") != null && pipeline.get(NAME) == null) {
        long patience = headTimeout.toMillis();
        pipeline.addBefore("handler", NAME, new Http1RequestGuard(patience, patience, faults));
      }
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    seen = true;
    String fault = refused ? "" : fault(message);
    if (fault != null) {
      ReferenceCountUtil.release(message);
      if (!refused) {
        refuse(context, new Refusal(ErrorCode.MALFORMED, fault));
      }
      return;
    }
    if (message instanceof HttpRequest request) {
      within = true;
      unanswered++;
      requestedAt = context.executor().ticker().nanoTime();
      patience = headTimeout;
      cancelTimeout();
      keepToHttp1(request.headers());
    }
    if (message instanceof LastHttpContent) {
      within = false;
    }
    context.fireChannelRead(message);
  }

  /** What Vert.x would not answer with a problem document; null if nothing is wrong. */
  private static @Nullable String fault(Object message) {
    if (message instanceof HttpRequest request) {
      if (request.decoderResult().isFailure()) {
        return null;
      }
      return isKnown(request.protocolVersion())
          ? faultOfHost(request)
          : "the hub speaks HTTP/1.0, 1.1 and 2";
    }
    boolean broken = message instanceof HttpContent content && content.decoderResult().isFailure();
    return broken ? "the chunks of the body cannot be read" : null;
  }

  /** Netty's parser gives these two, as the names are written; {@code HTTp/1.1} only equals one. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isKnown(HttpVersion version) {
    return version == HttpVersion.HTTP_1_1 || version == HttpVersion.HTTP_1_0;
  }

  /** RFC 9112, section 3.2. */
  private static @Nullable String faultOfHost(HttpRequest request) {
    Iterator<? extends CharSequence> hosts =
        request.headers().valueCharSequenceIterator(HttpHeaderNames.HOST);
    if (!hosts.hasNext()) {
      return request.protocolVersion().equals(HttpVersion.HTTP_1_0)
          ? null
          : "the header Host is missing";
    }
    hosts.next();
    return hosts.hasNext() ? "the header Host may stand only once" : null;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    written = true;
    boolean last = message instanceof LastHttpContent && !isInterim(message);
    if (last) {
      unanswered--;
    }
    boolean over = last && halfClosed && unanswered <= 0;
    ChannelPromise done =
        over ? promise.unvoid().addListener(ChannelFutureListener.CLOSE) : promise;
    Future<?> unused = context.write(message, done);
  }

  private static boolean isInterim(Object message) {
    return message instanceof HttpResponse response
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent && !halfClosed) {
      halfClosed = true;
      long left =
          HALF_CLOSED_PATIENCE.toNanos() - (context.executor().ticker().nanoTime() - requestedAt);
      if (within || unanswered == 0 || left <= 0) {
        close(context);
      } else {
        closeUnlessWritten(context, left);
      }
    }
    context.fireUserEventTriggered(event);
  }

  private void closeUnlessWritten(ChannelHandlerContext context, long nanos) {
    written = false;
    silence = context.executor().schedule(() -> inspectHalf(context), nanos, TimeUnit.NANOSECONDS);
  }

  private void inspectHalf(ChannelHandlerContext context) {
    if (written) {
      closeUnlessWritten(context, HALF_CLOSED_PATIENCE.toNanos());
    } else {
      close(context);
    }
  }

  /** A failure to close can only mean that it is closed. */
  private static void close(ChannelHandlerContext context) {
    Future<?> unused = context.close();
  }

  /** Bytes have come. If nothing could be made of them, they are of a head that is not whole. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (!seen && !within && lateness == null) {
      lateness =
          context
              .executor()
              .schedule(() -> refuse(context, tooSlow()), patience, TimeUnit.MILLISECONDS);
    }
    seen = false;
    context.fireChannelReadComplete();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (PeerTimeout.isCause(cause)) {
      faults.countUnacknowledged(context.channel());
    }
    context.fireExceptionCaught(cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (PeerTimeout.hasClosed(context.channel())) {
      faults.countUnacknowledged(context.channel());
    }
    cancelTimeout();
    if (silence != null) {
      silence.cancel(false);
    }
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    cancelTimeout();
    context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
  }

  private void cancelTimeout() {
    ScheduledFuture<?> timer = lateness;
    lateness = null;
    if (timer != null) {
      timer.cancel(false);
    }
  }

  private static void keepToHttp1(HttpHeaders headers) {
    if (!headers.contains(HttpHeaderNames.UPGRADE)) {
      return;
    }
    if (headers.contains(HttpHeaderNames.UPGRADE, "h2c", true)) {
      headers.remove(HttpHeaderNames.UPGRADE);
      headers.remove("HTTP2-Settings");
    }
    join(headers, HttpHeaderNames.CONNECTION);
    join(headers, HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
  }

  /** A list may stand in several lines (RFC 9110, 5.3); Vert.x' handshake reads the first. */
  private static void join(HttpHeaders headers, CharSequence name) {
    List<String> lines = headers.getAll(name);
    if (lines.size() > 1) {
      headers.set(name, String.join(", ", lines));
    }
  }

  private void refuse(ChannelHandlerContext context, Refusal refusal) {
    refused = true;
    Reason reason = refusal.kind() == ErrorCode.TIMEOUT ? Reason.TIMEOUT : Reason.HTTP1;
    faults.count(reason, refusal.detail());
    answer(context, refusal);
  }

  static Refusal tooSlow() {
    return new Refusal(ErrorCode.TIMEOUT, "the head of the request took too long to arrive");
  }

  /** Answers behind an encoder of HTTP/1.1, and ends the connection. */
  static void answer(ChannelHandlerContext context, Refusal refusal) {
    ByteBuf problem = Unpooled.wrappedBuffer(ProblemJson.bytes(refusal));
    FullHttpResponse answer =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(refusal.kind().status()), problem);
    answer
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, ProblemJson.CONTENT_TYPE)
        .set(HttpHeaderNames.CONTENT_LENGTH, problem.readableBytes())
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    // In the middle of another answer this cannot be written; then the connection just ends.
    context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
  }
}

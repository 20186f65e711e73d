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
import io.signalbox.hub.http.ConnectionChannel;
import io.signalbox.hub.http.PeerTimeout;
import io.signalbox.hub.http.netty.ConnectionErrorMetrics.Reason;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.wire.ProblemJson;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Channel handler behind the HTTP/1.1 decoder that answers requests which Vert.x would only
 * disconnect: 408 for a head that arrives too slowly, 400 for malformed chunks. Its timer runs only
 * while a head is incomplete. {@code Upgrade: h2c} is removed from requests: RFC 9113 dropped it,
 * and a proxy that forwards it would hand its connection over to the hub.
 *
 * <p>A client that closes its sending side after its request still gets the response before the
 * connection is closed. A client that has disconnected looks the same, so the hub waits a few
 * seconds after the request, and then as long as each such interval sees a write.
 *
 * <p>Threading: the event loop of the connection.
 */
public final class Http1RequestGuard extends ChannelDuplexHandler {
  /** Name of the handler in the pipeline, for its removal when the protocol changes. */
  public static final String NAME = "requestGuard";

  /** How long a half-closed connection stays open after the request or the last write. */
  private static final Duration HALF_CLOSED_PATIENCE = Duration.ofSeconds(5);

  private final long headerTimeout;
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
   * Creates the handler of one connection.
   *
   * @param headerTimeout longest time for a head to arrive, in milliseconds
   * @param first the same for the rest of the first head
   */
  Http1RequestGuard(long headerTimeout, long first, ConnectionErrorMetrics faults) {
    this.headerTimeout = headerTimeout;
    this.patience = first;
    this.faults = faults;
  }

  /** Adds the handler to an HTTP/1.1 connection that has none yet: one over TLS. */
  public static void over(
      HttpConnection connection, Duration headerTimeout, ConnectionErrorMetrics faults) {
    ChannelPipeline pipeline = ConnectionChannel.of(connection).pipeline();
    if (pipeline.get("httpDecoder") != null && pipeline.get(NAME) == null) {
      long patience = headerTimeout.toMillis();
      pipeline.addBefore("handler", NAME, new Http1RequestGuard(patience, patience, faults));
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
      patience = headerTimeout;
      cancelTimeout();
      keepToHttp1(request.headers());
    }
    if (message instanceof LastHttpContent) {
      within = false;
    }
    context.fireChannelRead(message);
  }

  /** A fault that Vert.x would not answer with a problem document; null if there is none. */
  private static @Nullable String fault(Object message) {
    if (message instanceof HttpRequest request) {
      if (request.decoderResult().isFailure()) {
        return null;
      }
      return isKnown(request.protocolVersion())
          ? faultOfHost(request)
          : "unsupported HTTP version; supported: 1.0, 1.1 and 2";
    }
    boolean broken = message instanceof HttpContent content && content.decoderResult().isFailure();
    return broken ? "the chunked encoding of the body is malformed" : null;
  }

  /** Netty's parser returns these constants for exact names; {@code HTTp/1.1} only equals one. */
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
          : "the Host header is missing";
    }
    hosts.next();
    return hosts.hasNext() ? "the Host header must be given only once" : null;
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

  /** Closes the connection; a failure only means that it is closed already. */
  private static void close(ChannelHandlerContext context) {
    Future<?> unused = context.close();
  }

  /** Starts the timer if bytes arrived but no message: then a head is incomplete. */
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

  /**
   * Joins a list header of several lines (RFC 9110, 5.3); Vert.x' handshake reads the first only.
   */
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
    return new Refusal(ErrorCode.TIMEOUT, "the request head did not arrive in time");
  }

  /** Writes a problem document to an HTTP/1.1 encoder, and closes the connection. */
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
    // In the middle of another response this write fails; then the connection just closes.
    context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
  }
}

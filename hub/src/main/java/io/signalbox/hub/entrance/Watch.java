package io.signalbox.hub.entrance;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.wire.Problems;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind the decoder of an HTTP/1.1 connection, where Vert.x would only cut it: a head that
 * trickles in is answered 408, a body whose chunks are broken 400. A timer runs only while a head
 * has begun and is not whole. {@code Upgrade: h2c} is taken out of requests: RFC 9113 dropped it,
 * and a proxy that lets it pass would hand out its connection to the hub.
 *
 * <p>Threading: the event loop of the connection.
 */
public final class Watch extends ChannelInboundHandlerAdapter {
  /** Its name in the pipeline, by which a connection that turns into something else drops it. */
  public static final String NAME = "watch";

  private final long headPatience;
  private boolean within;
  private boolean seen;
  private boolean refused;
  private @Nullable ScheduledFuture<?> lateness;

  /** A watch over one connection; patience with a head in milliseconds. */
  Watch(long headPatience) {
    this.headPatience = headPatience;
  }

  /** Watches over a connection of HTTP/1.1 that nobody watches over yet: one that came by TLS. */
  public static void over(HttpConnection connection, Duration headPatience) {
    if (connection instanceof ConnectionBase guest) {
      ChannelPipeline pipeline = guest.channelHandlerContext().pipeline();
      if (pipeline.get("httpDecoder") != null && pipeline.get(NAME) == null) {
        pipeline.addBefore("handler", NAME, new Watch(headPatience.toMillis()));
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
        refuse(context, new Refusal(Kind.MALFORMED, fault));
      }
      return;
    }
    if (message instanceof HttpRequest request) {
      within = true;
      relax();
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
      HttpVersion version = request.protocolVersion();
      boolean known = version.equals(HttpVersion.HTTP_1_1) || version.equals(HttpVersion.HTTP_1_0);
      return known || request.decoderResult().isFailure()
          ? null
          : "the hub speaks HTTP/1.0, 1.1 and 2";
    }
    boolean broken = message instanceof HttpContent content && content.decoderResult().isFailure();
    return broken ? "the chunks of the body cannot be read" : null;
  }

  /** Bytes have come. If nothing could be made of them, they are of a head that is not whole. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (!seen && !within && lateness == null) {
      lateness =
          context
              .executor()
              .schedule(() -> refuse(context, tooSlow()), headPatience, TimeUnit.MILLISECONDS);
    }
    seen = false;
    context.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    relax();
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    relax();
  }

  private void relax() {
    ScheduledFuture<?> timer = lateness;
    lateness = null;
    if (timer != null) {
      timer.cancel(false);
    }
  }

  private static void keepToHttp1(HttpHeaders headers) {
    if (headers.contains(HttpHeaderNames.UPGRADE, "h2c", true)) {
      headers.remove(HttpHeaderNames.UPGRADE);
      headers.remove("HTTP2-Settings");
    }
  }

  private static Refusal tooSlow() {
    return new Refusal(Kind.TIMEOUT, "the head of the request took too long to arrive");
  }

  private void refuse(ChannelHandlerContext context, Refusal refusal) {
    refused = true;
    ByteBuf problem = Unpooled.wrappedBuffer(Problems.bytes(refusal));
    FullHttpResponse answer =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(refusal.kind().status()), problem);
    answer
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, Problems.CONTENT_TYPE)
        .set(HttpHeaderNames.CONTENT_LENGTH, problem.readableBytes())
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    // In the middle of another answer this cannot be written; then the connection just ends.
    context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
  }
}

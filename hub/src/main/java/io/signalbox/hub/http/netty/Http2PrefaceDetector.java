package io.signalbox.hub.http.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import io.signalbox.hub.http.netty.ConnectionErrorMetrics.Reason;
import io.signalbox.hub.model.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Protocol detection on the first bytes of a connection: HTTP/2 with prior knowledge starts with
 * its preface (RFC 9113, section 3.4), everything else is HTTP/1.1. Vert.x decides by the same
 * rule. The first byte that differs from the preface is passed on alone, so that the pipeline is
 * built and a {@link Http1RequestGuard} added behind its decoder before the first request is
 * complete. An incomplete preface is refused like any slow head. The handler removes itself
 * afterwards.
 *
 * <p>Threading: the event loop of the connection.
 */
final class Http2PrefaceDetector extends ChannelInboundHandlerAdapter {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** Name of Vert.x' handler for {@code Upgrade: h2c} on clear-text connections. */
  private static final String UPGRADE = "h2c";

  private final long headerTimeout;
  private final ConnectionErrorMetrics faults;
  private int matched;
  private @Nullable ScheduledFuture<?> lateness;

  Http2PrefaceDetector(long headerTimeout, ConnectionErrorMetrics faults) {
    this.headerTimeout = headerTimeout;
    this.faults = faults;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      context.fireChannelRead(message);
      return;
    }
    int same = sameAsPreface(bytes);
    matched += same;
    if (matched == PREFACE.length) {
      long left = left();
      context.pipeline().remove(this);
      context.fireChannelRead(bytes);
      Http2Preface.expect(context.pipeline(), left, faults);
    } else if (same < bytes.readableBytes()) {
      long left = left();
      context.fireChannelRead(bytes.readRetainedSlice(same + 1));
      watch(context.pipeline(), left);
      context.pipeline().remove(this);
      context.fireChannelRead(bytes);
    } else {
      context.fireChannelRead(bytes);
    }
  }

  private int sameAsPreface(ByteBuf bytes) {
    int most = Math.min(bytes.readableBytes(), PREFACE.length - matched);
    int same = 0;
    while (same < most && bytes.getByte(bytes.readerIndex() + same) == PREFACE[matched + same]) {
      same++;
    }
    return same;
  }

  /** Time left for the first head, in milliseconds. */
  private long left() {
    return lateness == null ? headerTimeout : Math.max(0, lateness.getDelay(TimeUnit.MILLISECONDS));
  }

  private void watch(ChannelPipeline pipeline, long left) {
    SslHandler tls = pipeline.get(SslHandler.class);
    if (tls != null) {
      // By now the protocol is chosen; Vert.x builds the pipeline in the same task.
      tls.handshakeFuture()
          .addListener(
              done -> {
                if (done.isSuccess()) {
                  Http2Preface.expectLater(pipeline, headerTimeout, faults);
                }
              });
    } else if (pipeline.get(UPGRADE) != null) {
      pipeline.addBefore(
          UPGRADE, Http1RequestGuard.NAME, new Http1RequestGuard(headerTimeout, left, faults));
    }
  }

  /** Starts the timer if only a part of the preface has arrived. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    // A TLS handshake, which starts with another byte, has its own timeout.
    if (matched > 0 && lateness == null && context.pipeline().get(SslHandler.class) == null) {
      lateness =
          context.executor().schedule(() -> refuse(context), headerTimeout, TimeUnit.MILLISECONDS);
    }
    context.fireChannelReadComplete();
  }

  private void refuse(ChannelHandlerContext context) {
    Refusal refusal = Http1RequestGuard.tooSlow();
    faults.count(Reason.TIMEOUT, refusal.detail());
    context.pipeline().addBefore(context.name(), null, new HttpResponseEncoder());
    Http1RequestGuard.answer(context, refusal);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (lateness != null) {
      lateness.cancel(false);
    }
  }
}

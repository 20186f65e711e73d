package io.signalbox.hub.http.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Detects a PROXY protocol header, version 1 or 2, in the first bytes of a connection from a
 * trusted proxy, before TLS and HTTP. If there is one, a {@link ProxyProtocolHandler} waits for it;
 * other bytes pass unchanged, also if too few arrive in time to decide.
 *
 * <p>Threading: the event loop of the connection.
 */
final class ProxyProtocolDetector extends ByteToMessageDecoder {
  /** Limit of the extensions (TLV) in a header of version 2, in bytes. */
  private static final int MAX_TLV_BYTES = 2_048;

  private static final List<byte[]> SIGNATURES =
      List.of(
          "PROXY ".getBytes(StandardCharsets.US_ASCII),
          "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII));

  private final long headerMillis;
  private final LongAdder refused;
  private @Nullable ScheduledFuture<?> timeout;

  ProxyProtocolDetector(long headerMillis, LongAdder refused) {
    this.headerMillis = headerMillis;
    this.refused = refused;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    boolean undecided = false;
    for (byte[] signature : SIGNATURES) {
      int same = sameAs(signature, in);
      if (same == signature.length) {
        expectHeader(context);
        return;
      }
      undecided |= same == in.readableBytes();
    }
    if (!undecided) {
      // The decoder passes the buffered bytes on when it is removed.
      context.pipeline().remove(this);
    } else if (timeout == null) {
      timeout =
          context
              .executor()
              .schedule(() -> context.pipeline().remove(this), headerMillis, TimeUnit.MILLISECONDS);
    }
  }

  private static int sameAs(byte[] signature, ByteBuf in) {
    int most = Math.min(signature.length, in.readableBytes());
    int same = 0;
    while (same < most && in.getByte(in.readerIndex() + same) == signature[same]) {
      same++;
    }
    return same;
  }

  private void expectHeader(ChannelHandlerContext context) {
    ChannelPipeline pipeline = context.pipeline();
    pipeline.addAfter(
        context.name(), ProxyProtocolHandler.NAME, new ProxyProtocolHandler(headerMillis, refused));
    pipeline.addAfter(context.name(), null, new HAProxyMessageDecoder(MAX_TLV_BYTES));
    pipeline.remove(this);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
    if (timeout != null) {
      timeout.cancel(false);
    }
  }
}

package io.signalbox.hub.http.netty;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.impl.http2.codec.VertxHttp2ConnectionHandler;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;

/**
 * What remains of a client's preface of HTTP/2 behind its fixed bytes: the first SETTINGS (RFC
 * 9113, section 3.4). Until then Vert.x shows the connection to nobody: what breaks it is counted
 * here, and a client that keeps the hub waiting is told {@code SETTINGS_TIMEOUT}.
 *
 * <p>Threading: the event loop of the connection.
 */
final class Http2Preface {
  private Http2Preface() {}

  /** The same in the next turn, when the pipeline is as the TLS handshake has decided. */
  static void expectLater(ChannelPipeline pipeline, long millis, ConnectionErrorMetrics faults) {
    pipeline.channel().eventLoop().execute(() -> expect(pipeline, millis, faults));
  }

  /** Expects them within that time, if the connection is one of HTTP/2. */
  static void expect(ChannelPipeline pipeline, long millis, ConnectionErrorMetrics faults) {
    VertxHttp2ConnectionHandler<?> connection = pipeline.get(VertxHttp2ConnectionHandler.class);
    if (connection == null) {
      return;
    }
    pipeline.addBefore(connection.context().name(), null, faults.observer());
    ScheduledFuture<?> lateness =
        pipeline
            .channel()
            .eventLoop()
            .schedule(() -> pipeline.fireExceptionCaught(late()), millis, TimeUnit.MILLISECONDS);
    connection
        .connectFuture()
        .addListener(
            settings -> {
              lateness.cancel(false);
              Throwable cause = settings.cause();
              if (cause != null && !cause.equals(ConnectionBase.CLOSED_EXCEPTION)) {
                faults.broken(cause);
              }
            });
  }

  private static Http2Exception late() {
    return Http2Exception.connectionError(
        Http2Error.SETTINGS_TIMEOUT, "the SETTINGS took too long to arrive");
  }
}

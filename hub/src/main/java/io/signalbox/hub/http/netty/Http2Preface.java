package io.signalbox.hub.http.netty;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.impl.http2.codec.VertxHttp2ConnectionHandler;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;

/**
 * Timeout for the rest of an HTTP/2 client preface, the first SETTINGS frame (RFC 9113, section
 * 3.4). Before it Vert.x does not expose the connection, so errors are counted by this handler, and
 * a client that is too slow gets {@code SETTINGS_TIMEOUT}.
 *
 * <p>Threading: the event loop of the connection.
 */
final class Http2Preface {
  private Http2Preface() {}

  /**
   * The same in the next task of the event loop, after the TLS handshake has built the pipeline.
   */
  static void expectLater(ChannelPipeline pipeline, long millis, ConnectionErrorMetrics faults) {
    pipeline.channel().eventLoop().execute(() -> expect(pipeline, millis, faults));
  }

  /** Starts the timeout if the connection is HTTP/2. */
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
        Http2Error.SETTINGS_TIMEOUT, "SETTINGS did not arrive in time");
  }
}

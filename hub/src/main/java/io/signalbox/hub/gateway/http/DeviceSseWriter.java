package io.signalbox.hub.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.signalbox.hub.http.HttpExchange;
import io.signalbox.hub.http.PeerTimeout;
import io.signalbox.hub.http.Response;
import io.signalbox.hub.http.ResponseHeaders;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.SessionEnd.Cause;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.wire.DeviceFrameCodec;
import io.signalbox.hub.wire.Encoding;
import io.signalbox.hub.wire.ProblemJson;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Event stream to a device (server-sent events, HTML section 9.2), whose data are the frames of the
 * WebSocket. While the device does not read, only the newest desired state is kept for it; commands
 * are limited anyway.
 *
 * <p>Threading: the event loop of the connection; all methods may be called from others.
 */
final class DeviceSseWriter {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceSseWriter.class);
  private static final String TYPE = "text/event-stream";
  private static final Buffer COMMENT = Buffer.buffer(":\n\n");

  private final HttpExchange exchange;
  private @Nullable Twin untold;

  /** Why the connection broke; null while it is open, or if it was closed. */
  private volatile @Nullable Throwable broken;

  /** Call on the event loop of the connection. */
  DeviceSseWriter(HttpExchange exchange) {
    this.exchange = exchange;
    exchange.request().response().exceptionHandler(this::broke);
  }

  private void broke(Throwable cause) {
    if (!(cause instanceof HttpClosedException)) {
      broken = cause;
    }
  }

  /** How the stream has ended, after the client has disconnected. */
  SessionEnd sessionEnd() {
    Throwable why = broken;
    if (why == null) {
      return Cause.CLOSED;
    }
    return PeerTimeout.isCause(why) ? Cause.SILENT : Cause.LOST;
  }

  /** Whether the client asks for an event stream. */
  static boolean isAskedBy(@Nullable String accept) {
    return accept != null && accept.contains(TYPE);
  }

  /** Starts the response. */
  void begin(DeviceFrameCodec.Welcome welcome) {
    here(
        response -> {
          writeHead(response);
          send(response, "welcome", DeviceFrameCodec.welcome(Encoding.JSON, allocator(), welcome));
        });
  }

  private static void writeHead(HttpServerResponse response) {
    response.setStatusCode(200).setChunked(true);
    Response head = Response.empty(200).with("Content-Type", TYPE);
    // nginx buffers responses unless it is asked not to.
    ResponseHeaders.writeMinimal(response.headers(), head.with("X-Accel-Buffering", "no"));
  }

  void command(Command command) {
    here(
        response ->
            send(
                response,
                "command",
                DeviceFrameCodec.command(Encoding.JSON, allocator(), command)));
  }

  void desired(Twin twin) {
    here(response -> tell(response, twin));
  }

  private void tell(HttpServerResponse response, Twin twin) {
    if (!response.writeQueueFull()) {
      send(response, "desired", DeviceFrameCodec.desired(Encoding.JSON, allocator(), twin));
      return;
    }
    untold = twin;
    response.drainHandler(drained -> catchUp(response));
  }

  private void catchUp(HttpServerResponse response) {
    Twin newest = untold;
    untold = null;
    if (newest != null) {
      tell(response, newest);
    }
  }

  /** Sends a heartbeat. */
  void beat() {
    here(response -> sent(response.write(COMMENT)));
  }

  /** Sends the reason as last event, and ends the response. */
  void end(Refusal why) {
    here(
        response -> {
          if (!response.headWritten()) {
            writeHead(response);
          }
          Buffer problem = Buffer.buffer(ProblemJson.bytes(why));
          sent(response.end(event("end").appendBuffer(problem).appendString("\n\n")));
        });
  }

  private void send(HttpServerResponse response, String event, ByteBuf frame) {
    try {
      String data = frame.toString(StandardCharsets.UTF_8);
      sent(response.write(event(event).appendString(data).appendString("\n\n")));
    } finally {
      frame.release();
    }
  }

  private static Buffer event(String name) {
    return Buffer.buffer("event: " + name + "\ndata: ");
  }

  private void sent(Future<Void> written) {
    written.onFailure(this::unsent);
  }

  private void unsent(Throwable cause) {
    if (PeerTimeout.isCause(cause)) {
      broken = cause;
    }
    LOG.debug("Device disconnected from its stream", cause);
  }

  @FunctionalInterface
  private interface Writing {
    void to(HttpServerResponse response);
  }

  private void here(Writing writing) {
    exchange
        .loop()
        .runOnContext(
            turn -> {
              HttpServerResponse response = exchange.request().response();
              if (!response.ended() && !response.closed()) {
                writing.to(response);
              }
            });
  }

  private static ByteBufAllocator allocator() {
    return ByteBufAllocator.DEFAULT;
  }
}

package io.signalbox.hub.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a streamed response no faster than the client reads: the next chunk is requested when the
 * last one is written. Stops when the client disconnects. An error in the middle can no longer be
 * reported, so the connection is cut and the client sees an incomplete response.
 *
 * <p>Threading: the event loop of the connection.
 */
public final class Pump {
  private static final Logger LOG = LoggerFactory.getLogger(Pump.class);

  private final Response.BodySource source;
  private final HttpServerResponse response;
  private final Context loop;
  private final Promise<Void> over = Promise.promise();

  /** Creates a pump; {@link #run} starts it. */
  public Pump(Response.BodySource source, HttpServerResponse response, Context loop) {
    this.source = source;
    this.response = response;
    this.loop = loop;
  }

  /** Sends everything. Completes when the end is written; never if the client disconnects. */
  public Future<Void> run() {
    draw();
    return over.future();
  }

  private void draw() {
    source
        .next()
        .onSuccess(bytes -> loop.runOnContext(now -> carry(bytes)))
        .onFailure(failure -> loop.runOnContext(now -> cut(failure)));
  }

  private void carry(Buffer bytes) {
    if (response.closed()) {
      return;
    }
    if (bytes.length() == 0) {
      response.end().onFailure(Pump::lost);
      over.complete();
      return;
    }
    response.write(bytes).onFailure(Pump::lost);
    if (response.writeQueueFull()) {
      response.drainHandler(drained -> draw());
    } else {
      draw();
    }
  }

  private void cut(Throwable failure) {
    LOG.warn("Streamed response cut short", failure);
    response.reset().onFailure(Pump::lost);
  }

  private static void lost(Throwable failure) {
    LOG.debug("Client disconnected before the end of its response", failure);
  }
}

package io.signalbox.hub.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries an answer that comes bit by bit to its client, no faster than the client takes it: the
 * next bytes are asked for when the last ones have left. A client that goes away stops it. What
 * fails on the way can no longer be said, so the connection is cut and the client sees that the
 * answer is not whole.
 *
 * <p>Threading: the event loop of the connection.
 */
public final class Pump {
  private static final Logger LOG = LoggerFactory.getLogger(Pump.class);

  private final Response.BodySource source;
  private final HttpServerResponse response;
  private final Context loop;
  private final Promise<Void> over = Promise.promise();

  /** A pump that does not run yet. */
  public Pump(Response.BodySource source, HttpServerResponse response, Context loop) {
    this.source = source;
    this.response = response;
    this.loop = loop;
  }

  /** Carries everything; completes when the end is written, never when the client goes away. */
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
    LOG.warn("an answer was cut short", failure);
    response.reset().onFailure(Pump::lost);
  }

  private static void lost(Throwable failure) {
    LOG.debug("a client went away before its answer was whole", failure);
  }
}

package io.signalbox.hub.job;

import io.signalbox.hub.bus.Hop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * Where foremen and crews work: what the room was made with, and its context.
 *
 * <p>Threading: the room's context.
 */
record Site(Furnishing furnishing, Vertx vertx, Context context) {
  /** Before another try when something could not be done. */
  static final long REST_MS = 1_000;

  JobStore store() {
    return furnishing.store();
  }

  long now() {
    return furnishing.clock().wallMillis();
  }

  /** The same future, completed on the room's context. */
  <T> Future<T> here(Future<T> elsewhere) {
    return Hop.to(context, elsewhere);
  }
}

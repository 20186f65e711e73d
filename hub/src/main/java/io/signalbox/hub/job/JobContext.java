package io.signalbox.hub.job;

import io.signalbox.hub.bus.Contexts;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * Where foremen and crews work: what the room was made with, and its context.
 *
 * <p>Threading: the room's context.
 */
record JobContext(EngineDependencies dependencies, Vertx vertx, Context context) {
  /** Before another try when something could not be done. */
  static final long RETRY_MS = 1_000;

  JobStore store() {
    return dependencies.store();
  }

  long now() {
    return dependencies.clock().wallMillis();
  }

  /** A wall time that what was made within that long, by any clock, does not lie before. */
  long since(Duration age) {
    return dependencies.clock().wallMillisBeforeSteps(age) - age.toMillis();
  }

  /** The same future, completed on the room's context. */
  <T> Future<T> onContext(Future<T> elsewhere) {
    return Contexts.resumeOn(context, elsewhere);
  }
}

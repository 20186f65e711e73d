package io.signalbox.hub.job;

import io.signalbox.hub.bus.Contexts;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * The engine's dependencies and its context.
 *
 * <p>Threading: the engine's context.
 */
record JobContext(EngineDependencies dependencies, Vertx vertx, Context context) {
  /** Delay before a retry. */
  static final long RETRY_MS = 1_000;

  JobStore store() {
    return dependencies.store();
  }

  long now() {
    return dependencies.clock().wallMillis();
  }

  /** The earliest wall time of anything that is at most this old. */
  long since(Duration age) {
    return dependencies.clock().wallMillisBeforeSteps(age) - age.toMillis();
  }

  /** The same future, completed on the engine's context. */
  <T> Future<T> onContext(Future<T> elsewhere) {
    return Contexts.resumeOn(context, elsewhere);
  }
}

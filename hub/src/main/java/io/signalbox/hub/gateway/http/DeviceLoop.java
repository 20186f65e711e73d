package io.signalbox.hub.gateway.http;

import io.signalbox.hub.bus.Contexts;
import io.signalbox.hub.telemetry.TelemetryIngest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * One event loop, as those devices know it that have their home there.
 *
 * @param timers the clock of what is held there
 * @param evictor where those wait that have no session
 */
record DeviceLoop(
    Context context, TelemetryIngest intake, TimerWheel timers, IdleDeviceEvictor evictor) {
  /** The loop of the context, with its intake. */
  DeviceLoop(Context context, TelemetryIngest intake) {
    this(context, intake, new TimerWheel(context), new IdleDeviceEvictor(context));
  }

  /** Does something here, for somebody who may be on another loop: at once if that is this one. */
  <T> Future<T> run(DeviceLoop caller, Supplier<Future<T>> task) {
    if (caller.context.equals(context)) {
      return attempt(task);
    }
    return Future.future(
        done -> context.runOnContext(turn -> attempt(task).onComplete(done::handle)));
  }

  /** The same future, completed here. */
  <T> Future<T> onLoop(Future<T> anywhere) {
    return Contexts.resumeOn(context, anywhere);
  }

  /** What is thrown is as good as a failed future. */
  static <T> Future<T> attempt(Supplier<Future<T>> task) {
    try {
      return task.get();
    } catch (RuntimeException thrown) {
      return Future.failedFuture(thrown);
    }
  }
}

package io.signalbox.hub.gateway.http;

import io.signalbox.hub.bus.Hop;
import io.signalbox.hub.telemetry.Intake;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * One event loop, as those devices know it that have their home there.
 *
 * @param wheel the clock of what is held there
 * @param lobby where those wait that have no session
 */
record Home(Context context, Intake intake, Wheel wheel, Lobby lobby) {
  /** The loop of the context, with its intake. */
  Home(Context context, Intake intake) {
    this(context, intake, new Wheel(context), new Lobby(context));
  }

  /** Does something here, for somebody who may be on another loop: at once if that is this one. */
  <T> Future<T> does(Home caller, Supplier<Future<T>> deed) {
    if (caller.context.equals(context)) {
      return attempt(deed);
    }
    return Future.future(
        done -> context.runOnContext(turn -> attempt(deed).onComplete(done::handle)));
  }

  /** The same future, completed here. */
  <T> Future<T> here(Future<T> anywhere) {
    return Hop.to(context, anywhere);
  }

  /** What is thrown is as good as a failed future. */
  static <T> Future<T> attempt(Supplier<Future<T>> deed) {
    try {
      return deed.get();
    } catch (RuntimeException thrown) {
      return Future.failedFuture(thrown);
    }
  }
}

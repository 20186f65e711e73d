package io.signalbox.hub.bus;

import io.vertx.core.Context;
import io.vertx.core.Future;

/** The way from wherever a future completes to the event loop that its owner lives on. */
public final class Hop {
  private Hop() {}

  /** The same future, completed on that context. */
  public static <T> Future<T> to(Context context, Future<T> anywhere) {
    return Future.future(
        here -> anywhere.onComplete(done -> context.runOnContext(turn -> here.handle(done))));
  }
}

package io.signalbox.hub.bus;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.concurrent.Executor;

/** The way from wherever a future completes to the thread that its owner lives on. */
public final class Hop {
  private Hop() {}

  /** The same future, completed on that context. */
  public static <T> Future<T> to(Context context, Future<T> anywhere) {
    return to(thread(context), anywhere);
  }

  /** The same future, completed on that thread. */
  public static <T> Future<T> to(Executor thread, Future<T> anywhere) {
    return Future.future(
        here -> anywhere.onComplete(done -> thread.execute(() -> here.handle(done))));
  }

  /** A context, for those who need no more of it than that it runs things, one after the other. */
  public static Executor thread(Context context) {
    return deed -> context.runOnContext(turn -> deed.run());
  }
}

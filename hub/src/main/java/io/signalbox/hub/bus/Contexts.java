package io.signalbox.hub.bus;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.Executor;

/** Moves the completion of futures to the owner's thread. */
public final class Contexts {
  private Contexts() {}

  /**
   * The same future, completed on that context. One that is complete already is good as it is for
   * who is there.
   */
  public static <T> Future<T> resumeOn(Context context, Future<T> anywhere) {
    return anywhere.isComplete() && context.equals(Vertx.currentContext())
        ? anywhere
        : resumeOn(executorOf(context), anywhere);
  }

  /** The same future, completed on that thread. */
  public static <T> Future<T> resumeOn(Executor thread, Future<T> anywhere) {
    return Future.future(
        here -> anywhere.onComplete(done -> thread.execute(() -> here.handle(done))));
  }

  /** The context as an executor that runs tasks one after the other. */
  public static Executor executorOf(Context context) {
    return task -> context.runOnContext(turn -> task.run());
  }
}

package io.signalbox.sim.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.http.UpgradeRejectedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Repeats calls while the hub closes connections, does not answer, or says that it cannot now. A
 * hub of which nothing was ever seen is not waited for: its address is wrong more often than not.
 *
 * <p>Threading: any thread may call.
 */
public final class Retry {
  private static final long PAUSE_MILLIS = 250;

  private final Vertx vertx;
  private final long patienceNanos;
  private volatile boolean seen;

  /** Repeats each call for {@code patience} at most. */
  public Retry(Vertx vertx, Duration patience) {
    this.vertx = vertx;
    this.patienceNanos = patience.toNanos();
  }

  /** The first success, or the last failure. */
  public <T> Future<T> call(Supplier<Future<T>> call) {
    return attempt(call, System.nanoTime() + patienceNanos);
  }

  private <T> Future<T> attempt(Supplier<Future<T>> call, long deadline) {
    return call.get()
        .onSuccess(answer -> seen = true)
        .recover(
            fault -> {
              seen = seen || !isAbsent(fault);
              return seen && mayPass(fault) && System.nanoTime() - deadline < 0
                  ? vertx
                      .timer(PAUSE_MILLIS, TimeUnit.MILLISECONDS)
                      .compose(now -> attempt(call, deadline))
                  : Future.failedFuture(fault);
            });
  }

  /** Whether nothing at all is at the hub's address. */
  public static boolean isAbsent(Throwable fault) {
    return fault instanceof ConnectException
        || fault instanceof UnknownHostException
        || fault instanceof NoRouteToHostException;
  }

  private static boolean mayPass(Throwable fault) {
    return switch (fault) {
      case HubApiException refused -> refused.mayPass();
      case UpgradeRejectedException rejected ->
          rejected.getStatus() == 429 || rejected.getStatus() == 503;
      default -> fault instanceof IOException || fault instanceof VertxException;
    };
  }
}

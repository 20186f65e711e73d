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
 * Retries calls while the hub closes connections, does not answer or is temporarily unavailable. A
 * hub that has never answered is not retried: its address is probably wrong.
 *
 * <p>Threading: any thread may call.
 */
public final class Retry {
  private static final long PAUSE_MILLIS = 250;

  private final Vertx vertx;
  private final long patienceNanos;
  private volatile boolean seen;

  /** Creates a policy that retries each call for at most {@code patience}. */
  public Retry(Vertx vertx, Duration patience) {
    this.vertx = vertx;
    this.patienceNanos = patience.toNanos();
  }

  /** Calls until success; fails with the last failure. */
  public <T> Future<T> call(Supplier<Future<T>> call) {
    return attempt(call, System.nanoTime() + patienceNanos);
  }

  private <T> Future<T> attempt(Supplier<Future<T>> call, long deadline) {
    return call.get()
        .onSuccess(answer -> seen = true)
        .recover(
            fault -> {
              seen = seen || !isAbsent(fault);
              return seen && isRetryable(fault) && System.nanoTime() - deadline < 0
                  ? vertx
                      .timer(PAUSE_MILLIS, TimeUnit.MILLISECONDS)
                      .compose(now -> attempt(call, deadline))
                  : Future.failedFuture(fault);
            });
  }

  /** Whether the failure means that nothing listens at the hub's address. */
  public static boolean isAbsent(Throwable fault) {
    return fault instanceof ConnectException
        || fault instanceof UnknownHostException
        || fault instanceof NoRouteToHostException;
  }

  private static boolean isRetryable(Throwable fault) {
    return switch (fault) {
      case HubApiException refused -> refused.isRetryable();
      case UpgradeRejectedException rejected ->
          rejected.getStatus() == 429 || rejected.getStatus() == 503;
      default -> fault instanceof IOException || fault instanceof VertxException;
    };
  }
}

package io.signalbox.hub.bus;

import io.signalbox.hub.model.Refusal;
import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * Retry of an operation with optimistic concurrency control: an attempt reads, decides on what it
 * has read, and writes only if that is still stored. If it is not, the attempt fails with {@link
 * StaleReadException}, and the operation reads again.
 */
public final class OptimisticRetry {
  private OptimisticRetry() {}

  /** What an attempt has read is not what is stored now. Has no stack trace. */
  public static final class StaleReadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Ends an attempt. */
    public StaleReadException() {
      super("what was read is out of date", null, false, false);
    }
  }

  /**
   * Runs an attempt until it ends with anything else than {@link StaleReadException}.
   *
   * @param maxAttempts after which the operation fails, at least 1
   * @param attempt reads what it needs anew each time
   * @param exhausted the refusal after the last attempt
   */
  public static <T> Future<T> run(
      int maxAttempts, Supplier<Future<T>> attempt, Supplier<Refusal> exhausted) {
    return attempt
        .get()
        .recover(
            failure -> {
              if (!(failure instanceof StaleReadException)) {
                return Future.failedFuture(failure);
              }
              return maxAttempts > 1
                  ? run(maxAttempts - 1, attempt, exhausted)
                  : Future.failedFuture(exhausted.get());
            });
  }
}

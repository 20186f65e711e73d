package io.signalbox.hub.store;

import static org.assertj.core.api.Assertions.catchThrowable;

import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.Assertions;

/** Results of a store's futures, awaited with a deadline. */
public final class Results {
  private Results() {}

  /** The result; a failure is rethrown unchanged. */
  public static <T> T answer(Future<T> future) {
    try {
      return future.await(120, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError("no answer in time", late);
    }
  }

  /** Waits until the future is complete, with any outcome. */
  public static void settled(Future<?> future) {
    answer(future.transform(outcome -> Future.succeededFuture()));
  }

  /** Waits for all; the kinds of those that were refused. Any other failure is rethrown. */
  public static List<ErrorCode> refusals(List<? extends Future<?>> futures) {
    List<ErrorCode> refused = new ArrayList<>();
    for (Future<?> future : futures) {
      try {
        answer(future);
      } catch (Refusal refusal) {
        refused.add(refusal.kind());
      }
    }
    return refused;
  }

  /** The refusal; any other outcome fails the test. */
  public static Refusal refusal(Future<?> future) {
    Throwable thrown = catchThrowable(() -> answer(future));
    Assertions.assertThat(thrown).isInstanceOf(Refusal.class);
    return (Refusal) thrown;
  }
}

package io.signalbox.hub.bus;

import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.bus.OptimisticRetry.StaleReadException;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import org.junit.jupiter.api.Test;

class OptimisticRetryTest {
  private int attempts;

  /** An attempt that succeeds after some that were based on stale reads. */
  private Future<Integer> attempt(int stale) {
    attempts++;
    return attempts > stale
        ? Future.succeededFuture(attempts)
        : Future.failedFuture(new StaleReadException());
  }

  private static Refusal busy() {
    return new Refusal(ErrorCode.CONFLICT, "busy");
  }

  @Test
  void an_attempt_that_succeeds_is_the_only_one() {
    assertThat(answer(OptimisticRetry.run(3, () -> attempt(0), OptimisticRetryTest::busy)))
        .isEqualTo(1);
    assertThat(attempts).isEqualTo(1);
  }

  @Test
  void an_attempt_with_a_stale_read_is_repeated() {
    assertThat(answer(OptimisticRetry.run(3, () -> attempt(2), OptimisticRetryTest::busy)))
        .isEqualTo(3);
  }

  @Test
  void the_last_attempt_ends_in_the_refusal() {
    Refusal refused = refusal(OptimisticRetry.run(3, () -> attempt(3), OptimisticRetryTest::busy));

    assertThat(refused.detail()).isEqualTo("busy");
    assertThat(attempts).isEqualTo(3);
  }

  @Test
  void another_failure_is_not_repeated() {
    Refusal full = new Refusal(ErrorCode.UNAVAILABLE, "the disk is full");

    Refusal refused =
        refusal(
            OptimisticRetry.run(
                3,
                () -> attempt(1).recover(stale -> Future.failedFuture(full)),
                OptimisticRetryTest::busy));

    assertThat(refused).isSameAs(full);
    assertThat(attempts).isEqualTo(1);
  }
}

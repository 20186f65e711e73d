package io.signalbox.hub.http.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the limit on wrong keys counts, and how much it remembers. */
class FailedAuthLimiterTest {
  private static final long HOUR = 3_600_000;
  private static final long YEARS = 20_000L * 24 * HOUR;

  private final Refusal wrong = new Refusal(ErrorCode.UNAUTHENTICATED, "the key is wrong");

  private final ManualClock clock = new ManualClock(1_764_000_000_000L);
  private final FailedAuthLimiter limiter = new FailedAuthLimiter(clock);

  private ErrorCode refuse(String address, String key) {
    return limiter.refuse(address, key, wrong).kind();
  }

  private void guessFrom(String address) {
    for (int i = 0; i < FailedAuthLimiter.GUESSES; i++) {
      assertThat(refuse(address, address + i)).isEqualTo(ErrorCode.UNAUTHENTICATED);
    }
  }

  @Test
  void each_address_is_counted_separately() {
    guessFrom("10.0.0.1");

    assertThat(refuse("10.0.0.1", "one-more")).isEqualTo(ErrorCode.RATE_LIMITED);
    assertThat(refuse("10.0.0.2", "one-more")).isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void keys_with_equal_hash_codes_are_counted_separately() {
    String[] halves = {"Aa", "BB"};
    for (int i = 0; i < FailedAuthLimiter.GUESSES; i++) {
      String key = halves[i % 2] + halves[i / 2 % 2] + halves[i / 4 % 2] + halves[i / 8 % 2];
      assertThat(refuse("10.0.0.1", key)).isEqualTo(ErrorCode.UNAUTHENTICATED);
    }

    assertThat(refuse("10.0.0.1", "BBBBBBBB")).isEqualTo(ErrorCode.RATE_LIMITED);
  }

  @Test
  void ipv6_addresses_are_counted_by_network() {
    for (int i = 0; i < FailedAuthLimiter.GUESSES; i++) {
      assertThat(refuse("2001:db8:0:1::" + i, "key-" + i)).isEqualTo(ErrorCode.UNAUTHENTICATED);
    }

    assertThat(refuse("2001:db8:0:1:ffff::1", "one-more")).isEqualTo(ErrorCode.RATE_LIMITED);
    assertThat(refuse("2001:db8:0:2::1", "one-more")).isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void a_stale_key_from_many_addresses_is_limited_as_one() {
    for (int i = 0; i < FailedAuthLimiter.TRIES_OF_A_KEY; i++) {
      assertThat(refuse("10.0.0." + i, "stale")).isEqualTo(ErrorCode.UNAUTHENTICATED);
    }

    assertThat(refuse("10.0.1.1", "stale")).isEqualTo(ErrorCode.RATE_LIMITED);
    assertThat(refuse("10.0.1.1", "another")).isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  private Refusal oneMore() {
    return limiter.refuse("10.0.0.1", "one-more", wrong);
  }

  @ParameterizedTest
  @ValueSource(longs = {-HOUR, HOUR, -YEARS, YEARS, -2_000, 2_000})
  void a_lock_out_of_an_address_lasts_its_minute_however_the_wall_clock_is_set(long step) {
    guessFrom("10.0.0.1");
    clock.advance(20_000);
    clock.stepWall(step);
    assertThat(oneMore().kind()).isEqualTo(ErrorCode.RATE_LIMITED);
    assertThat(oneMore().retryAfter()).isEqualTo(40);
    clock.advance(39_999);
    assertThat(oneMore().retryAfter()).isEqualTo(1);
    clock.stepWall(-step);
    assertThat(oneMore().retryAfter()).isEqualTo(1);

    clock.advance(1);

    assertThat(oneMore().kind()).isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  @ParameterizedTest
  @ValueSource(longs = {-HOUR, HOUR, -YEARS, YEARS, -2_000, 2_000})
  void a_lock_out_of_a_key_lasts_its_minute_however_the_wall_clock_is_set(long step) {
    for (int i = 0; i < FailedAuthLimiter.TRIES_OF_A_KEY; i++) {
      assertThat(oneMore().kind()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    }
    clock.stepWall(step);
    assertThat(oneMore().kind()).isEqualTo(ErrorCode.RATE_LIMITED);
    assertThat(oneMore().retryAfter()).isEqualTo(60);
    clock.advance(59_999);
    assertThat(oneMore().retryAfter()).isEqualTo(1);

    clock.advance(1);

    assertThat(oneMore().kind()).isEqualTo(ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void the_oldest_failures_are_dropped_at_the_limit() {
    guessFrom("10.0.0.1");

    for (int i = 0; i < FailedAuthLimiter.REMEMBERED; i++) {
      refuse("10.1.%d.%d".formatted(i >> 8, i & 255), "key-" + i);
    }

    assertThat(refuse("10.0.0.1", "one-more")).isEqualTo(ErrorCode.UNAUTHENTICATED);
  }
}

package io.signalbox.hub.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.http.auth.FailedAuthLimiter;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wrong keys are throttled; correct keys from the same address are not affected. */
class WrongKeysTest {
  private static final String DEVICES = "/api/v1/devices";
  private static final String SESSION = "/api/v1/session";

  @TempDir Path directory;
  private TestHub hub;

  @BeforeEach
  void open() {
    hub = new TestHub(directory);
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private ApiResponse call(String key) {
    return hub.anonymous().with("Authorization", "Bearer " + key).get(DEVICES);
  }

  private ApiResponse signIn(String key) {
    return hub.anonymous().post(SESSION, "{\"key\":\"" + key + "\"}");
  }

  private void guess(int keys) {
    for (int i = 0; i < keys; i++) {
      call("guess-" + i).refuses(401, "unauthenticated");
    }
  }

  @Test
  void the_eleventh_wrong_key_of_an_address_is_throttled() {
    guess(FailedAuthLimiter.GUESSES);

    ApiResponse reply =
        call("guess-11").refuses(429, "rate-limited").withDetail("different wrong keys");

    assertThat(reply.header("Retry-After")).isEqualTo("60");
    signIn("guess-12").refuses(429, "rate-limited");
  }

  @Test
  void a_valid_key_is_accepted_after_failures_from_its_address() {
    guess(FailedAuthLimiter.GUESSES);
    call("guess-11").refuses(429, "rate-limited");

    hub.admin().get(DEVICES).is(200);
    signIn(TestHub.ADMIN_KEY).is(200);
  }

  @Test
  void two_alternating_stale_keys_do_not_throttle_others() {
    for (int i = 0; i < 2 * FailedAuthLimiter.GUESSES; i++) {
      call("stale-a").refuses(401, "unauthenticated");
      call("stale-b").refuses(401, "unauthenticated");
    }

    hub.admin().get(DEVICES).is(200);
    signIn("a-typing-error").refuses(401, "unauthenticated");
  }

  @Test
  void a_stale_key_repeated_too_often_is_throttled_alone() {
    for (int i = 0; i < FailedAuthLimiter.TRIES_OF_A_KEY; i++) {
      call("stale").refuses(401, "unauthenticated");
    }

    ApiResponse reply = call("stale").refuses(429, "rate-limited").withDetail("the key is wrong");
    assertThat(reply.header("Retry-After")).isEqualTo("60");
    call("another").refuses(401, "unauthenticated");
    hub.admin().get(DEVICES).is(200);
  }

  @Test
  void throttling_ends_after_a_monotonic_minute() {
    guess(FailedAuthLimiter.GUESSES);

    hub.now.stepWall(-3_600_000);
    hub.now.advance(FailedAuthLimiter.WINDOW_MILLIS - 1);
    assertThat(call("guess-11").refuses(429, "rate-limited").header("Retry-After")).isEqualTo("1");
    hub.now.stepWall(7_200_000);
    call("guess-11").refuses(429, "rate-limited");

    hub.now.advance(1);
    call("guess-11").refuses(401, "unauthenticated");
  }

  @Test
  void a_failed_store_does_not_count_as_a_wrong_key() {
    hub.breakDatabase();

    for (int i = 0; i < 2 * FailedAuthLimiter.GUESSES; i++) {
      call("perhaps-right-" + i).refuses(503, "unavailable");
      signIn("perhaps-right-" + i).refuses(503, "unavailable");
    }
  }
}

package io.signalbox.hub.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.admission.Throttle;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wrong keys are slowed down; right ones never pay for them, although they share an address. */
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

  private Reply call(String key) {
    return hub.stranger().with("Authorization", "Bearer " + key).get(DEVICES);
  }

  private Reply signIn(String key) {
    return hub.stranger().post(SESSION, "{\"key\":\"" + key + "\"}");
  }

  private void guess(int keys) {
    for (int i = 0; i < keys; i++) {
      call("guess-" + i).refuses(401, "unauthenticated");
    }
  }

  @Test
  void the_eleventh_different_wrong_key_of_an_address_is_told_to_wait() {
    guess(Throttle.GUESSES);

    Reply reply = call("guess-11").refuses(429, "too-fast").saying("different wrong keys");

    assertThat(reply.header("Retry-After")).isEqualTo("60");
    signIn("guess-12").refuses(429, "too-fast");
  }

  @Test
  void a_right_key_is_let_in_whatever_came_from_its_address_before() {
    guess(Throttle.GUESSES);
    call("guess-11").refuses(429, "too-fast");

    hub.admin().get(DEVICES).is(200);
    signIn(TestHub.ADMIN_KEY).is(200);
  }

  @Test
  void two_programs_that_alternate_two_stale_keys_lock_nobody_out() {
    for (int i = 0; i < 2 * Throttle.GUESSES; i++) {
      call("stale-a").refuses(401, "unauthenticated");
      call("stale-b").refuses(401, "unauthenticated");
    }

    hub.admin().get(DEVICES).is(200);
    signIn("a-typing-error").refuses(401, "unauthenticated");
  }

  @Test
  void a_stale_key_that_is_repeated_too_often_is_told_to_wait_and_no_other_key_is() {
    for (int i = 0; i < Throttle.TRIES_OF_A_KEY; i++) {
      call("stale").refuses(401, "unauthenticated");
    }

    Reply reply = call("stale").refuses(429, "too-fast").saying("the key is wrong");
    assertThat(reply.header("Retry-After")).isEqualTo("60");
    call("another").refuses(401, "unauthenticated");
    hub.admin().get(DEVICES).is(200);
  }

  @Test
  void a_minute_of_the_monotonic_clock_ends_it_whatever_the_wall_clock_does() {
    guess(Throttle.GUESSES);

    hub.now.stepWall(-3_600_000);
    hub.now.advance(Throttle.WINDOW_MILLIS - 1);
    assertThat(call("guess-11").refuses(429, "too-fast").header("Retry-After")).isEqualTo("1");
    hub.now.stepWall(7_200_000);
    call("guess-11").refuses(429, "too-fast");

    hub.now.advance(1);
    call("guess-11").refuses(401, "unauthenticated");
  }

  @Test
  void a_store_that_cannot_be_read_makes_no_key_wrong() {
    hub.breakDatabase();

    for (int i = 0; i < 2 * Throttle.GUESSES; i++) {
      call("perhaps-right-" + i).refuses(503, "unavailable");
      signIn("perhaps-right-" + i).refuses(503, "unavailable");
    }
  }
}

package io.signalbox.sim.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.sim.link.LinkEvent.NotOpened;
import io.signalbox.sim.link.Way;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaysTest {
  private static final long NOW = 1_795_000_000_000L;
  private static final long AFTER = 1000;
  private static final long MINUTE = 60_000;

  private final Ways ways =
      new Ways(List.of(Way.WEBSOCKET, Way.SSE, Way.LONGPOLL), AFTER, new SplittableRandom(1));

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 404, 405, 426, 501, 502, 504})
  void a_way_that_is_refused_by_what_stands_between_is_left_at_once(int status) {
    assertThat(ways.failed(answer(status))).isTrue();
    assertThat(ways.present()).isEqualTo(Way.SSE);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 429, 503})
  void what_the_hub_itself_says_is_no_fault_of_the_way_unless_it_never_ends(int status) {
    for (int i = 0; i < 3; i++) {
      assertThat(ways.failed(answer(status))).isFalse();
    }
    assertThat(ways.present()).isEqualTo(Way.WEBSOCKET);
    assertThat(ways.failed(answer(status))).isTrue();
  }

  @Test
  void a_hub_that_is_not_there_says_nothing_about_the_way() {
    for (int i = 0; i < 100; i++) {
      assertThat(ways.failed(new NotOpened(0, false, "refused", Duration.ZERO))).isFalse();
    }
    assertThat(ways.present()).isEqualTo(Way.WEBSOCKET);
  }

  @Test
  void calls_that_are_taken_and_dropped_are_tried_twice() {
    assertThat(ways.failed(answer(0))).isFalse();
    assertThat(ways.failed(answer(0))).isTrue();
    assertThat(ways.present()).isEqualTo(Way.SSE);
  }

  @Test
  void sessions_that_always_break_soon_are_a_reason_to_step_down() {
    assertThat(ways.broke(1000)).isFalse();
    assertThat(ways.broke(1000)).isFalse();
    assertThat(ways.broke(5 * MINUTE)).isFalse();
    assertThat(ways.broke(1000)).isFalse();
    assertThat(ways.broke(1000)).isFalse();
    assertThat(ways.broke(1000)).isTrue();
    assertThat(ways.present()).isEqualTo(Way.SSE);
  }

  @Test
  void when_the_last_way_fails_the_first_is_tried_again_without_hurry() {
    assertThat(ways.swallowed()).isTrue();
    assertThat(ways.swallowed()).isTrue();
    assertThat(ways.present()).isEqualTo(Way.LONGPOLL);
    assertThat(ways.swallowed()).isFalse();
    assertThat(ways.present()).isEqualTo(Way.WEBSOCKET);
  }

  @Test
  void better_ways_are_tried_in_turn_and_more_and_more_rarely() {
    ways.swallowed();
    ways.swallowed();
    ways.worked(NOW);
    assertThat(ways.betterAt() - NOW).isBetween(AFTER / 2, 2 * AFTER);
    assertThat(ways.better()).isEqualTo(Way.WEBSOCKET);
    ways.notBetter(NOW);
    assertThat(ways.betterAt() - NOW).isBetween(AFTER, 4 * AFTER);
    assertThat(ways.better()).isEqualTo(Way.SSE);
    for (int i = 0; i < 100; i++) {
      ways.notBetter(NOW);
    }
    assertThat(ways.betterAt() - NOW).isBetween(16 * AFTER, 64 * AFTER);
    ways.better(Way.WEBSOCKET);
    ways.worked(NOW);
    assertThat(ways.present()).isEqualTo(Way.WEBSOCKET);
    assertThat(ways.betterAt()).isEqualTo(Long.MAX_VALUE);
  }

  private static NotOpened answer(int status) {
    return new NotOpened(status, true, "no", Duration.ZERO);
  }
}

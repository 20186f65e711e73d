package io.signalbox.sim.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.sim.link.LinkEvent.NotOpened;
import io.signalbox.sim.link.TransportKind;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransportSelectorTest {
  private static final long NOW = 1_795_000_000_000L;
  private static final long AFTER = 1000;
  private static final long MINUTE = 60_000;

  private final TransportSelector transports =
      new TransportSelector(
          List.of(TransportKind.WEBSOCKET, TransportKind.SSE, TransportKind.LONGPOLL),
          AFTER,
          new SplittableRandom(1));

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 404, 405, 426, 501, 502, 504})
  void a_transport_refused_by_an_intermediary_is_abandoned_at_once(int status) {
    assertThat(transports.attemptFailed(answer(status))).isTrue();
    assertThat(transports.current()).isEqualTo(TransportKind.SSE);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 429, 503})
  void hub_refusals_do_not_count_against_a_transport_unless_they_persist(int status) {
    for (int i = 0; i < 3; i++) {
      assertThat(transports.attemptFailed(answer(status))).isFalse();
    }
    assertThat(transports.current()).isEqualTo(TransportKind.WEBSOCKET);
    assertThat(transports.attemptFailed(answer(status))).isTrue();
  }

  @Test
  void an_unreachable_hub_is_no_evidence_against_a_transport() {
    for (int i = 0; i < 100; i++) {
      assertThat(transports.attemptFailed(new NotOpened(0, false, "refused", Duration.ZERO)))
          .isFalse();
    }
    assertThat(transports.current()).isEqualTo(TransportKind.WEBSOCKET);
  }

  @Test
  void a_dropped_connection_attempt_is_tried_twice() {
    assertThat(transports.attemptFailed(answer(0))).isFalse();
    assertThat(transports.attemptFailed(answer(0))).isTrue();
    assertThat(transports.current()).isEqualTo(TransportKind.SSE);
  }

  @Test
  void short_sessions_cause_a_transport_fallback() {
    assertThat(transports.sessionBroke(1000)).isFalse();
    assertThat(transports.sessionBroke(1000)).isFalse();
    assertThat(transports.sessionBroke(5 * MINUTE)).isFalse();
    assertThat(transports.sessionBroke(1000)).isFalse();
    assertThat(transports.sessionBroke(1000)).isFalse();
    assertThat(transports.sessionBroke(1000)).isTrue();
    assertThat(transports.current()).isEqualTo(TransportKind.SSE);
  }

  @Test
  void after_the_last_transport_the_first_is_tried_after_a_pause() {
    assertThat(transports.welcomeTimedOut()).isTrue();
    assertThat(transports.welcomeTimedOut()).isTrue();
    assertThat(transports.current()).isEqualTo(TransportKind.LONGPOLL);
    assertThat(transports.welcomeTimedOut()).isFalse();
    assertThat(transports.current()).isEqualTo(TransportKind.WEBSOCKET);
  }

  @Test
  void better_transports_are_retried_with_growing_pauses() {
    transports.welcomeTimedOut();
    transports.welcomeTimedOut();
    transports.sessionEstablished(NOW);
    assertThat(transports.probeAt() - NOW).isBetween(AFTER / 2, 2 * AFTER);
    assertThat(transports.better()).isEqualTo(TransportKind.WEBSOCKET);
    transports.probeFailed(NOW);
    assertThat(transports.probeAt() - NOW).isBetween(AFTER, 4 * AFTER);
    assertThat(transports.better()).isEqualTo(TransportKind.SSE);
    for (int i = 0; i < 100; i++) {
      transports.probeFailed(NOW);
    }
    assertThat(transports.probeAt() - NOW).isBetween(16 * AFTER, 64 * AFTER);
    transports.better(TransportKind.WEBSOCKET);
    transports.sessionEstablished(NOW);
    assertThat(transports.current()).isEqualTo(TransportKind.WEBSOCKET);
    assertThat(transports.probeAt()).isEqualTo(Long.MAX_VALUE);
  }

  private static NotOpened answer(int status) {
    return new NotOpened(status, true, "no", Duration.ZERO);
  }
}

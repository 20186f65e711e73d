package io.signalbox.sim.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.sim.model.Reading;
import io.signalbox.sim.model.Sample;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SendWindowTest {
  private final SendWindow window = new SendWindow(4);

  @Test
  void an_acknowledgement_covers_all_earlier_messages() {
    sendThree();
    assertThat(window.acknowledged(2)).extracting(TelemetryMessage::seq).containsExactly(1L, 2L);
    assertThat(window.acknowledged(2)).isEmpty();
    assertThat(window.size()).isEqualTo(1);
  }

  @Test
  void after_a_lost_connection_the_oldest_is_sent_first_and_seq_restarts_at_one() {
    sendThree();
    window.add(message(4));
    window.acknowledged(1);
    window.connectionLost();
    assertThat(sent()).isEqualTo(2);
    assertThat(sent()).isEqualTo(3);
    assertThat(sent()).isEqualTo(4);
    assertThat(window.acknowledged(3))
        .extracting(TelemetryMessage::seq)
        .containsExactly(1L, 2L, 3L);
  }

  @Test
  void a_deferred_message_gets_a_new_seq_and_is_sent_next() {
    sendThree();
    TelemetryMessage second = Objects.requireNonNull(window.refused(2));
    window.putBack(second);
    assertThat(window.acknowledged(3)).extracting(TelemetryMessage::seq).containsExactly(1L, 3L);
    assertThat(sent()).isEqualTo(2);
    assertThat(window.acknowledged(4)).extracting(TelemetryMessage::seq).containsExactly(4L);
  }

  @Test
  void deferred_messages_keep_their_order() {
    sendThree();
    window.add(message(4));
    for (long seq = 1; seq <= 3; seq++) {
      window.putBack(Objects.requireNonNull(window.refused(seq)));
    }
    assertThat(List.of(sent(), sent(), sent(), sent())).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void only_sent_messages_can_be_acknowledged() {
    sendThree();
    assertThat(window.knows(3)).isTrue();
    assertThat(window.knows(4)).isFalse();
    window.connectionLost();
    assertThat(window.knows(1)).isFalse();
  }

  @Test
  void it_is_full_at_its_window_and_drops_the_oldest_on_request() {
    sendThree();
    window.add(message(4));
    assertThat(window.full()).isTrue();
    assertThat(window.dropOldest().samples().getFirst().ts()).isEqualTo(1);
    assertThat(window.full()).isFalse();
    assertThat(window.clear()).hasSize(3);
    assertThat(window.isEmpty()).isTrue();
  }

  private void sendThree() {
    for (int ts = 1; ts <= 3; ts++) {
      window.add(message(ts));
      assertThat(sent()).isEqualTo(ts);
    }
  }

  private long sent() {
    TelemetryMessage message = window.send(0);
    return message == null ? -1 : message.samples().getFirst().ts();
  }

  private static TelemetryMessage message(long ts) {
    return TelemetryMessage.of(List.of(new Sample(ts, List.of(Reading.of("seq", true)))));
  }
}

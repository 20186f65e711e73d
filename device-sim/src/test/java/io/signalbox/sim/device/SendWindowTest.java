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
  void an_acknowledgement_covers_all_that_went_before() {
    sendThree();
    assertThat(window.acknowledged(2)).extracting(TelemetryMessage::seq).containsExactly(1L, 2L);
    assertThat(window.acknowledged(2)).isEmpty();
    assertThat(window.size()).isEqualTo(1);
  }

  @Test
  void after_a_loss_the_oldest_goes_first_again_and_seq_starts_at_one() {
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
  void a_message_that_is_put_back_uses_up_its_seq_and_goes_next_with_a_new_one() {
    sendThree();
    TelemetryMessage second = Objects.requireNonNull(window.refused(2));
    window.putBack(second);
    assertThat(window.acknowledged(3)).extracting(TelemetryMessage::seq).containsExactly(1L, 3L);
    assertThat(sent()).isEqualTo(2);
    assertThat(window.acknowledged(4)).extracting(TelemetryMessage::seq).containsExactly(4L);
  }

  @Test
  void messages_that_are_put_back_one_after_the_other_keep_their_order() {
    sendThree();
    window.add(message(4));
    for (long seq = 1; seq <= 3; seq++) {
      window.putBack(Objects.requireNonNull(window.refused(seq)));
    }
    assertThat(List.of(sent(), sent(), sent(), sent())).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void it_knows_what_the_hub_may_acknowledge() {
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

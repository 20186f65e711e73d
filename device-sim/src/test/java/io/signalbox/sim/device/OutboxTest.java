package io.signalbox.sim.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.sim.model.Reading;
import io.signalbox.sim.model.Sample;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private final Outbox outbox = new Outbox(4);

  @Test
  void an_acknowledgement_covers_all_that_went_before() {
    sendThree();
    assertThat(outbox.acknowledged(2)).extracting(Message::seq).containsExactly(1L, 2L);
    assertThat(outbox.acknowledged(2)).isEmpty();
    assertThat(outbox.size()).isEqualTo(1);
  }

  @Test
  void after_a_loss_the_oldest_goes_first_again_and_seq_starts_at_one() {
    sendThree();
    outbox.add(message(4));
    outbox.acknowledged(1);
    outbox.connectionLost();
    assertThat(sent()).isEqualTo(2);
    assertThat(sent()).isEqualTo(3);
    assertThat(sent()).isEqualTo(4);
    assertThat(outbox.acknowledged(3)).extracting(Message::seq).containsExactly(1L, 2L, 3L);
  }

  @Test
  void a_message_that_is_put_back_uses_up_its_seq_and_goes_next_with_a_new_one() {
    sendThree();
    Message second = Objects.requireNonNull(outbox.refused(2));
    outbox.putBack(second);
    assertThat(outbox.acknowledged(3)).extracting(Message::seq).containsExactly(1L, 3L);
    assertThat(sent()).isEqualTo(2);
    assertThat(outbox.acknowledged(4)).extracting(Message::seq).containsExactly(4L);
  }

  @Test
  void messages_that_are_put_back_one_after_the_other_keep_their_order() {
    sendThree();
    outbox.add(message(4));
    for (long seq = 1; seq <= 3; seq++) {
      outbox.putBack(Objects.requireNonNull(outbox.refused(seq)));
    }
    assertThat(List.of(sent(), sent(), sent(), sent())).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void it_knows_what_the_hub_may_acknowledge() {
    sendThree();
    assertThat(outbox.knows(3)).isTrue();
    assertThat(outbox.knows(4)).isFalse();
    outbox.connectionLost();
    assertThat(outbox.knows(1)).isFalse();
  }

  @Test
  void it_is_full_at_its_window_and_lets_the_oldest_go_when_told() {
    sendThree();
    outbox.add(message(4));
    assertThat(outbox.full()).isTrue();
    assertThat(outbox.dropOldest().samples().getFirst().ts()).isEqualTo(1);
    assertThat(outbox.full()).isFalse();
    assertThat(outbox.clear()).hasSize(3);
    assertThat(outbox.isEmpty()).isTrue();
  }

  private void sendThree() {
    for (int ts = 1; ts <= 3; ts++) {
      outbox.add(message(ts));
      assertThat(sent()).isEqualTo(ts);
    }
  }

  private long sent() {
    Message message = outbox.send(0);
    return message == null ? -1 : message.samples().getFirst().ts();
  }

  private static Message message(long ts) {
    return Message.of(List.of(new Sample(ts, List.of(Reading.of("seq", true)))));
  }
}

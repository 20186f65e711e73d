package io.signalbox.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VerificationTest {
  private final FakeHub hub = new FakeHub();
  private final SimulationRun run =
      SimulationRun.against(
          hub, "--devices", "1", "--rate", "50", "--verify", "--verify-timeout", "5");

  @AfterEach
  void close() {
    run.close();
    hub.close();
  }

  @Test
  void a_hub_that_is_away_during_the_proof_is_asked_again() {
    hub.historyRefuses(503);
    hub.historyBreaksOff();
    untilItHasSent();
    assertThat(run.end()).as(run::printed).isZero();
    assertThat(run.printed()).contains("exactly once");
  }

  @Test
  void an_unreadable_history_fails_the_verification() {
    hub.historyRefuses(403);
    untilItHasSent();
    assertThat(run.end()).isEqualTo(1);
    assertThat(run.printed()).contains("NOT VERIFIED: the history cannot be read");
  }

  @Test
  void an_answer_that_is_no_history_is_not_waited_for_for_ever() {
    for (int i = 0; i < 100; i++) {
      hub.historyIsNonsense();
    }
    untilItHasSent();
    assertThat(run.end()).isEqualTo(1);
    assertThat(run.printed()).contains("NOT VERIFIED: the history cannot be read");
  }

  @Test
  void a_hub_that_lost_and_changed_readings_is_found_out() {
    untilItHasSent();
    var series = hub.series("sim-0001", "temperature");
    long first = series.firstKey();
    long second = series.higherKey(first);
    series.remove(first);
    series.put(second, JsonNodeFactory.instance.numberNode(-273.15));
    hub.series("sim-0001", "humidity").put(second - 1, JsonNodeFactory.instance.numberNode(1));
    assertThat(run.end()).isEqualTo(1);
    assertThat(run.printed())
        .contains("1 missing", "1 altered", "1 that were never sent")
        .contains("missing: sim-0001 temperature at " + first)
        .contains("altered: sim-0001 temperature at " + second);
  }

  private void untilItHasSent() {
    run.until(() -> run.acked() > 30);
  }
}

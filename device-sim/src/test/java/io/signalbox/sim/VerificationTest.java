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
  void an_unavailable_hub_is_retried_during_verification() {
    hub.failHistory(503);
    hub.truncateHistory();
    untilItHasSent();
    assertThat(run.end()).as(run::printed).isZero();
    assertThat(run.printed()).contains("exactly once");
  }

  @Test
  void an_unreadable_history_fails_the_verification() {
    hub.failHistory(403);
    untilItHasSent();
    assertThat(run.end()).isEqualTo(1);
    assertThat(run.printed()).contains("NOT VERIFIED: history not readable");
  }

  @Test
  void an_invalid_history_is_not_retried_forever() {
    for (int i = 0; i < 100; i++) {
      hub.sendInvalidHistory();
    }
    untilItHasSent();
    assertThat(run.end()).isEqualTo(1);
    assertThat(run.printed()).contains("NOT VERIFIED: history not readable");
  }

  @Test
  void lost_and_altered_readings_fail_the_verification() {
    untilItHasSent();
    var series = hub.series("sim-0001", "temperature");
    long first = series.firstKey();
    long second = series.higherKey(first);
    series.remove(first);
    series.put(second, JsonNodeFactory.instance.numberNode(-273.15));
    hub.series("sim-0001", "humidity").put(second - 1, JsonNodeFactory.instance.numberNode(1));
    assertThat(run.end()).isEqualTo(1);
    assertThat(run.printed())
        .contains("1 missing", "1 altered", "1 never sent")
        .contains("missing: sim-0001 temperature at " + first)
        .contains("altered: sim-0001 temperature at " + second);
  }

  private void untilItHasSent() {
    run.until(() -> run.acked() > 30);
  }
}

package io.signalbox.sim.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.sim.model.Reading;
import io.signalbox.sim.model.Sample;
import io.signalbox.sim.model.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryComparisonTest {
  private final SentReadings sent = new SentReadings("pump-7");

  @Test
  void a_history_with_every_acknowledged_reading_once_is_verified() throws IOException {
    sent.acknowledged(List.of(sample(1, 20.5), sample(2, 21)));
    VerificationResult findings = compare(line(2, "21"), line(1, "20.5"));
    assertThat(findings.isVerified()).isTrue();
    assertThat(findings.verdict())
        .first()
        .asString()
        .contains("all 2 acknowledged", "exactly once");
  }

  @Test
  void a_missing_reading_is_named_by_device_metric_and_time() throws IOException {
    sent.acknowledged(List.of(sample(1, 20.5), sample(1764000000000L, 21)));
    VerificationResult findings = compare(line(1, "20.5"));
    assertThat(findings.isVerified()).isFalse();
    assertThat(findings.missing()).isEqualTo(1);
    assertThat(findings.verdict())
        .contains("  missing: pump-7 flow at 1764000000000 (2025-11-24T16:00:00Z)");
  }

  @Test
  void a_reading_stored_twice_is_duplicated() throws IOException {
    sent.acknowledged(List.of(sample(1, 20.5)));
    sent.inDoubt(List.of(sample(2, 21)));
    VerificationResult findings =
        compare(line(1, "20.5"), line(1, "20.5"), line(2, "21"), line(2, "21"));
    assertThat(findings.doubled()).isEqualTo(2);
    assertThat(findings.isVerified()).isFalse();
  }

  @Test
  void a_reading_that_differs_in_one_bit_is_altered() throws IOException {
    sent.acknowledged(List.of(sample(1, 0.1), sample(2, 0.1)));
    VerificationResult findings = compare(line(1, "0.1"), line(2, "0.10000000000000002"));
    assertThat(findings.altered()).isEqualTo(1);
    assertThat(findings.found()).isEqualTo(1);
    assertThat(findings.isVerified()).isFalse();
  }

  @Test
  void an_unacknowledged_reading_may_be_there_or_not() throws IOException {
    sent.acknowledged(List.of(sample(1, 1)));
    sent.inDoubt(List.of(sample(2, 2), sample(3, 3)));
    VerificationResult findings = compare(line(1, "1"), line(3, "3"));
    assertThat(findings.isVerified()).isTrue();
    assertThat(findings.unacked()).isEqualTo(1);
  }

  @Test
  void an_unsent_reading_fails_the_verification() throws IOException {
    sent.acknowledged(List.of(sample(1, 1), sample(5, 5)));
    VerificationResult findings = compare(line(1, "1"), line(2, "1"), line(5, "5"));
    assertThat(findings.foreign()).isEqualTo(1);
    assertThat(findings.isVerified()).isFalse();
  }

  @Test
  void booleans_and_strings_are_compared() throws IOException {
    sent.acknowledged(
        List.of(new Sample(1, List.of(Reading.of("door", true), Reading.of("mode", "heat")))));
    assertThat(
            compare(
                    "{\"metric\":\"door\",\"ts\":1,\"value\":true}",
                    "{\"metric\":\"mode\",\"ts\":1,\"value\":\"heat\"}")
                .isVerified())
        .isTrue();
    assertThat(
            compare(
                    "{\"metric\":\"door\",\"ts\":1,\"value\":1}",
                    "{\"metric\":\"mode\",\"ts\":1,\"value\":\"cool\"}")
                .altered())
        .isEqualTo(2);
  }

  @Test
  void an_integer_equals_its_decimal_form() throws IOException {
    sent.acknowledged(List.of(sample(1, 32), sample(2, 1e21)));
    assertThat(compare(line(1, "32"), line(2, "1000000000000000000000")).isVerified()).isTrue();
  }

  @Test
  void out_of_order_acknowledgements_are_compared() throws IOException {
    sent.acknowledged(List.of(sample(30, 3)));
    sent.acknowledged(List.of(sample(10, 1)));
    sent.acknowledged(List.of(sample(20, 2)));
    assertThat(compare(line(10, "1"), line(20, "2"), line(30, "3")).isVerified()).isTrue();
    assertThat(sent.span().getMin()).isEqualTo(10);
    assertThat(sent.span().getMax()).isEqualTo(30);
  }

  @Test
  void without_acknowledged_readings_the_verification_fails() {
    assertThat(VerificationResult.NONE.isVerified()).isFalse();
    assertThat(VerificationResult.NONE.verdict())
        .first()
        .asString()
        .contains("no reading was acknowledged");
  }

  private VerificationResult compare(String... lines) throws IOException {
    HistoryComparison comparison = new HistoryComparison(sent);
    for (String text : lines) {
      HistoryLine line = HistoryLine.parse(text.getBytes(StandardCharsets.UTF_8));
      comparison.entry(line.metric(), line.ts(), line.fingerprint());
    }
    return comparison.end();
  }

  private static String line(long ts, String value) {
    return "{\"metric\":\"flow\",\"ts\":" + ts + ",\"value\":" + value + "}";
  }

  private static Sample sample(long ts, double value) {
    return new Sample(ts, List.of(new Reading("flow", new Value.Num(value))));
  }
}

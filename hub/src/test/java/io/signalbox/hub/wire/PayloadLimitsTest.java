package io.signalbox.hub.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.Value;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every limit accepts its maximum and refuses one more. */
class PayloadLimitsTest {

  @Test
  void ten_thousand_readings_are_accepted_and_one_more_is_refused() {
    assertThat(upload(frame(values(10_000))).readings()).hasSize(10_000);
    assertThat(upload(batch(10_000)).readings()).hasSize(10_000);

    assertRefused(frame(values(10_001)), ErrorCode.TOO_LARGE, "values.m10000");
    assertRefused(batch(10_001), ErrorCode.TOO_LARGE, "batch[10000].values.a");
  }

  private static String values(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"m" + i + "\":" + i)
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String batch(int count) {
    String entries =
        IntStream.range(0, count)
            .mapToObj(i -> "{\"ts\":" + (1_763_999_000_000L + i) + ",\"values\":{\"a\":1}}")
            .collect(Collectors.joining(",", "[", "]"));
    return "{\"type\":\"telemetry\",\"seq\":3,\"batch\":" + entries + "}";
  }

  @Test
  void a_string_of_4_KiB_is_accepted_and_one_byte_more_is_refused() {
    String longest = "x".repeat(4096);
    String umlauts = "ü".repeat(2048);

    assertThat(value('"' + longest + '"')).isEqualTo(new Value.Text(longest));
    assertThat(value('"' + umlauts + '"')).isEqualTo(new Value.Text(umlauts));
    assertRefused(frame("{\"a\":\"" + longest + "x\"}"), ErrorCode.TOO_LARGE, "values.a");
    assertRefused(frame("{\"a\":\"" + umlauts + "x\"}"), ErrorCode.TOO_LARGE, "values.a");
  }

  @Test
  void an_object_of_16_KiB_is_accepted_and_one_byte_more_is_refused() {
    String text = "x".repeat(16_384 - 8);
    String spacious = "{ \"k\" : \"" + text + "\" }";

    assertThat(value(spacious)).isEqualTo(new Value.Json("{\"k\":\"" + text + "\"}"));
    assertRefused(frame("{\"a\":{\"k\":\"" + text + "x\"}}"), ErrorCode.TOO_LARGE, "values.a");
    assertRefused(frame("{\"a\":[\"" + "ü".repeat(8191) + "\"]}"), ErrorCode.TOO_LARGE, "values.a");
  }

  @Test
  void a_metric_name_has_at_most_128_characters() {
    String longest = "m".repeat(128);

    assertThat(upload(frame("{\"" + longest + "\":1}")).readings().getFirst().metric())
        .isEqualTo(longest);
    assertThat(refused(frame("{\"" + longest + "m\":1}")).refusal().kind())
        .isEqualTo(ErrorCode.INVALID);
    assertThat(refused(frame("{\"" + "m".repeat(40_000) + "\":1}")).refusal().detail())
        .hasSizeLessThan(200);
  }

  @Test
  void a_message_has_at_most_1_MiB() {
    String padding = " ".repeat((1 << 20) - frame("{\"a\":1}").length());

    assertThat(upload(frame("{\"a\":1}") + padding).readings()).hasSize(1);
    assertThat(refused(frame("{\"a\":1}") + padding + " ").refusal().kind())
        .isEqualTo(ErrorCode.TOO_LARGE);
  }

  @Test
  void nesting_is_limited_to_32_levels() {
    String deepest = "[".repeat(30) + "]".repeat(30);

    assertThat(value(deepest)).isEqualTo(new Value.Json(deepest));
    assertThat(refused(frame("{\"a\":[" + deepest + "]}")).refusal().kind())
        .isEqualTo(ErrorCode.TOO_LARGE);
  }

  @Test
  void a_number_has_at_most_100_characters() {
    assertThat(value("0." + "1".repeat(98))).isEqualTo(new Value.Num(0.1111111111111111));
    assertThat(refused(frame("{\"a\":0." + "1".repeat(200) + "}")).refusal().kind())
        .isEqualTo(ErrorCode.TOO_LARGE);
  }

  private static String frame(String values) {
    return "{\"type\":\"telemetry\",\"seq\":3,\"values\":" + values + "}";
  }

  private static Value value(String json) {
    return upload(frame("{\"a\":" + json + "}")).readings().getFirst().value();
  }

  private static DeviceMessage.Telemetry upload(String frame) {
    DeviceMessage message = SampleFrames.decode(frame);
    assertThat(message).isInstanceOf(DeviceMessage.Telemetry.class);
    return (DeviceMessage.Telemetry) message;
  }

  private static DeviceMessage.Refused refused(String frame) {
    DeviceMessage message = SampleFrames.decode(frame);
    assertThat(message).isInstanceOf(DeviceMessage.Refused.class);
    return (DeviceMessage.Refused) message;
  }

  private static void assertRefused(String frame, ErrorCode kind, String field) {
    DeviceMessage.Refused refused = refused(frame);
    assertThat(refused.refusal().kind()).isEqualTo(kind);
    assertThat(refused.refusal().field()).isEqualTo(field);
    assertThat(refused.seq()).isEqualTo(3);
  }
}

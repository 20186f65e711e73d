package io.signalbox.hub.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.Unpooled;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The decoder reads the published payloads as documented. */
class TelemetryPayloadDecoderTest {

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.signalbox.hub.wire.GoldenFrames#payloads")
  void a_payload_is_decoded_as_documented(GoldenFrames.Case payload) {
    JsonNode row = payload.row();
    if (row.has("readings")) {
      List<Reading> expected = GoldenFrames.readings(row.get("readings"));
      assertThat(decode(payload)).isEqualTo(expected);
      return;
    }
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> decode(payload));
    assertThat(refusal.kind().code()).isEqualTo(row.get("refused").get("code").textValue());
    if (row.get("refused").has("field")) {
      assertThat(refusal.field()).isEqualTo(row.get("refused").get("field").textValue());
    }
  }

  private static List<Reading> decode(GoldenFrames.Case payload) {
    PayloadType type = PayloadType.of(payload.row().get("type").textValue());
    return TelemetryPayloadDecoder.decode(
            PayloadFormat.plain(Objects.requireNonNull(type)),
            Unpooled.wrappedBuffer(payload.bytes()),
            payload.device(),
            payload.now(),
            PayloadLimits.STANDARD)
        .readings();
  }

  @Test
  void other_media_types_are_unknown() {
    assertThat(PayloadType.of("text/html")).isNull();
    assertThat(PayloadType.of("")).isNull();
    assertThat(PayloadType.of("application/jsonp")).isNull();
  }

  @Test
  void a_payload_has_at_most_1_MiB() {
    String body = " ".repeat(1 << 20) + "{\"a\":1}";
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class,
            () ->
                TelemetryPayloadDecoder.decode(
                    PayloadFormat.plain(PayloadType.JSON),
                    SampleFrames.buffer(body),
                    "pump-7",
                    0,
                    PayloadLimits.STANDARD));
    assertThat(refusal.kind()).isEqualTo(Refusal.ErrorCode.TOO_LARGE);
  }
}

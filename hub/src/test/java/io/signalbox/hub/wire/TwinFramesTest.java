package io.signalbox.hub.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.signalbox.hub.model.Twin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of a twin's state in frames keep their value, and in JSON their spelling. */
class TwinFramesTest {
  private static final CBORMapper CBOR =
      CBORMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  @ParameterizedTest
  @CsvSource({
    "21.4, 21.4",
    "1.50, 1.5",
    "0.1, 0.1",
    "1e400, 1E+400",
    "3.14159265358979323846, 3.14159265358979323846",
    "9007199254740993, 9007199254740993",
    "123456789012345678901234567890, 123456789012345678901234567890",
  })
  void in_cbor_a_number_keeps_its_value(String written, String value) throws IOException {
    assertThat(desiredInCbor(written).at("/state/n").asText()).isEqualTo(value);
    assertThat(desiredInCbor(written).at("/delta/n").asText()).isEqualTo(value);
  }

  @Test
  void in_cbor_a_zero_keeps_its_sign() throws IOException {
    JsonNode frame = new CBORMapper().readTree(bytes(Encoding.CBOR, "{\"n\":-0.0}"));

    assertThat(Double.doubleToRawLongBits(frame.at("/state/n").doubleValue()))
        .isEqualTo(Double.doubleToRawLongBits(-0.0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0.0", "1e400", "1.50", "123456789012345678901234567890"})
  void in_json_a_number_keeps_its_spelling(String written) {
    String state = "{\"n\":" + written + "}";
    assertThat(new String(bytes(Encoding.JSON, state), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"type\":\"desired\",\"version\":1,\"state\":" + state + ",\"delta\":" + state + "}");
    assertThat(reported("{\"type\":\"reported\",\"patch\":" + state + "}"))
        .isEqualTo(new DeviceMessage.Reported(state));
  }

  private static DeviceMessage reported(String frame) {
    return DeviceFrameCodec.decode(
        Encoding.JSON,
        Unpooled.copiedBuffer(frame, StandardCharsets.UTF_8),
        "pump-7",
        0,
        PayloadLimits.STANDARD);
  }

  private static JsonNode desiredInCbor(String number) throws IOException {
    return CBOR.readTree(bytes(Encoding.CBOR, "{\"n\":" + number + "}"));
  }

  private static byte[] bytes(Encoding encoding, String state) {
    Twin twin = new Twin(new Twin.Side(1, state), Twin.Side.EMPTY);
    return SampleFrames.bytes(DeviceFrameCodec.desired(encoding, ByteBufAllocator.DEFAULT, twin));
  }
}

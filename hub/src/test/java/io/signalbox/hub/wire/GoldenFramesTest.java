package io.signalbox.hub.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The codec reads and writes the published frames as documented. */
class GoldenFramesTest {

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.signalbox.hub.wire.GoldenFrames#toHub")
  void a_device_frame_is_decoded_as_documented(GoldenFrames.Case row) {
    check(row, decode(row, Unpooled.wrappedBuffer(row.bytes())));
    ByteBuf direct = Unpooled.directBuffer().writeZero(3).writeBytes(row.bytes()).skipBytes(3);
    check(row, decode(row, direct));
    direct.release();
  }

  private static DeviceMessage decode(GoldenFrames.Case row, ByteBuf frame) {
    return DeviceFrameCodec.decode(
        row.encoding(), frame, row.device(), row.now(), PayloadLimits.STANDARD);
  }

  private static void check(GoldenFrames.Case row, DeviceMessage message) {
    if (row.row().has("means")) {
      checkMeaning(row.row().get("means"), message);
    } else {
      checkRefusal(row.row().get("refused"), message);
    }
  }

  private static void checkMeaning(JsonNode means, DeviceMessage message) {
    DeviceMessage expected =
        switch (means.get("type").textValue()) {
          case "telemetry" -> upload(means);
          case "result" -> new DeviceMessage.Result(result(means));
          case "reported" -> new DeviceMessage.Reported(means.get("patch").toString());
          case "describe" -> new DeviceMessage.Describe(means.get("description").toString());
          default -> new DeviceMessage.Ping();
        };
    DeviceMessage read =
        message instanceof DeviceMessage.TelemetryWithUnits senml ? senml.telemetry() : message;
    assertThat(read).isEqualTo(expected);
  }

  private static DeviceMessage.Telemetry upload(JsonNode means) {
    List<Reading> readings = GoldenFrames.readings(means.get("readings"));
    boolean stamped = readings.stream().noneMatch(r -> r.ts() == DeviceMessage.NO_TS);
    return new DeviceMessage.Telemetry(
        means.get("seq").longValue(), readings, stamped, means.path("skipped").asInt());
  }

  private static CommandResult result(JsonNode means) {
    return new CommandResult(
        means.get("id").textValue(),
        SampleFrames.state(means.get("status").textValue()),
        means.has("data") ? means.get("data").toString() : null,
        means.path("error").textValue());
  }

  private static void checkRefusal(JsonNode expected, DeviceMessage message) {
    assertThat(message).isInstanceOf(DeviceMessage.Refused.class);
    DeviceMessage.Refused refused = (DeviceMessage.Refused) message;
    Refusal refusal = refused.refusal();
    assertThat(refusal.kind().code()).as(refusal.detail()).isEqualTo(expected.get("code").asText());
    assertThat(refused.seq()).isEqualTo(expected.path("seq").asLong(DeviceMessage.NO_SEQ));
    if (expected.has("field")) {
      assertThat(refusal.field()).isEqualTo(expected.get("field").textValue());
      assertThat(refusal.detail()).contains(expected.get("field").textValue());
    }
    if (expected.has("position")) {
      assertThat(refusal.detail()).startsWith(expected.get("position").textValue());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.signalbox.hub.wire.GoldenFrames#toDevice")
  void a_hub_frame_is_encoded_as_documented(GoldenFrames.Case row) throws IOException {
    JsonNode frame = row.row().get("frame");
    JsonNode reported = row.row().path("reported");
    byte[] written = SampleFrames.bytes(SampleFrames.write(row.encoding(), frame, reported));

    assertThat(GoldenFrames.parse(row.encoding(), written)).hasToString(frame.toString());
    if (row.encoding() == Encoding.JSON) {
      assertThat(written).asString().isEqualTo(frame.toString());
    }
  }
}

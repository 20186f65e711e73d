package io.signalbox.hub.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The fast-path decoder gives the same results as the general decoder. */
class FastTelemetryDecoderTest {
  private static final String[] NUMBERS = {
    "0",
    "-0",
    "-0.0",
    "1",
    "21.4",
    "-1.5e-3",
    "1E3",
    "123456789",
    "9007199254740993",
    "5e-324",
    "1.7976931348623157e308",
    "1e999",
    "0.1234567890123456789",
    "123456789012345678901234567890",
    "01",
    "1.",
    ".5",
    "-",
    "+1",
    "1e",
    "1e+",
    "NaN",
    "-Infinity",
    "0x10",
    "1.5.5",
    "00",
    "1_000"
  };

  @Test
  void common_frames_take_the_fast_path() {
    assertThat(quick("{\"type\":\"telemetry\",\"seq\":12,\"values\":{\"v\":1.5,\"t\":123456789}}"))
        .isEqualTo(
            new DeviceMessage.Telemetry(
                12,
                List.of(reading("v", new Value.Num(1.5)), reading("t", new Value.Num(123456789))),
                false,
                0));
    assertThat(quick("{\"type\": \"telemetry\", \"seq\": 1, \"values\": {\"on\": true}}"))
        .isNotNull();
    assertThat(
            quick(
                "{\"values\":{\"mode\":\"auto\"},\"ts\":1763999999000,\"seq\":1,\"type\":\"telemetry\"}"))
        .isNotNull();
  }

  @Test
  void a_repeated_state_shares_one_string() {
    assertThat(text("idle")).isSameAs(text("idle")).isEqualTo(new Value.Text("idle"));
    for (int i = 0; i < 5_000; i++) {
      String other = Integer.toString(i, 36);
      assertThat(text(other)).isEqualTo(new Value.Text(other));
    }
    String sentence = "longer than the word that a state is";
    assertThat(text(sentence)).isNotSameAs(text(sentence)).isEqualTo(new Value.Text(sentence));
  }

  private static Value text(String text) {
    DeviceMessage.Telemetry upload =
        quick("{\"type\":\"telemetry\",\"seq\":1,\"values\":{\"mode\":\"" + text + "\"}}");
    return Objects.requireNonNull(upload).readings().getFirst().value();
  }

  private static Reading reading(String metric, Value value) {
    return new Reading(metric, DeviceMessage.NO_TS, value);
  }

  @Test
  void fast_and_general_decoder_agree_on_every_number() throws IOException {
    for (String number : NUMBERS) {
      same("{\"type\":\"telemetry\",\"seq\":1,\"values\":{\"a\":" + number + "}}");
      same("{\"type\":\"telemetry\",\"seq\":" + number + ",\"values\":{\"a\":1}}");
      same("{\"type\":\"telemetry\",\"seq\":1,\"ts\":" + number + ",\"values\":{\"a\":1}}");
    }
  }

  @Test
  void random_doubles_are_read_exactly() {
    Random random = new Random(7);
    for (int i = 0; i < 50_000; i++) {
      double number = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(number)) {
        assertThat(number(Double.toString(number))).isEqualTo(new Value.Num(number));
      }
    }
  }

  @Test
  void random_decimals_are_read_like_double_parse() {
    Random random = new Random(8);
    for (int i = 0; i < 50_000; i++) {
      String digits = Long.toString(random.nextLong(1L << random.nextInt(1, 63)));
      int point = random.nextInt(digits.length() + 1);
      String whole = point == 0 ? "0" : stripped(digits.substring(0, point));
      String text = (random.nextBoolean() ? "-" : "") + whole + "." + digits.substring(point) + "0";
      assertThat(number(text)).as(text).isEqualTo(new Value.Num(Double.parseDouble(text)));
    }
  }

  private static String stripped(String digits) {
    return Long.toString(Long.parseLong(digits));
  }

  private static Value number(String text) {
    DeviceMessage message =
        SampleFrames.decode("{\"type\":\"telemetry\",\"seq\":1,\"values\":{\"a\":" + text + "}}");
    return ((DeviceMessage.Telemetry) message).readings().getFirst().value();
  }

  @Test
  void fast_and_general_decoder_agree_on_mutated_frames() throws IOException {
    String[] seeds = {
      "{\"type\":\"telemetry\",\"seq\":12,\"values\":{\"v\":1.5,\"t\":123456789}}",
      "{\"type\":\"telemetry\",\"seq\":3,\"ts\":1764000000000,\"values\":{\"on\":true,\"mode\":\"auto\"}}",
      "{ \"values\" : {\"a\":-0.0,\"b\":false,\"c\":1e5} , \"ts\":1763999999017,"
          + " \"type\":\"telemetry\", \"seq\":9 }"
    };
    Random random = new Random(9);
    for (int i = 0; i < 100_000; i++) {
      byte[] frame = seeds[i % seeds.length].getBytes(StandardCharsets.UTF_8);
      same(FrameMutations.of(frame, random));
    }
  }

  private static void same(String json) throws IOException {
    same(json.getBytes(StandardCharsets.UTF_8));
  }

  private static void same(byte[] json) throws IOException {
    Frame frame = new Frame(Encoding.JSON, json, 0, json.length);
    DeviceMessage quick =
        FastTelemetryDecoder.read(frame, SampleFrames.NOW, PayloadLimits.STANDARD);
    if (quick == null) {
      return;
    }
    try {
      MessageContext sender = new MessageContext("pump-7", SampleFrames.NOW);
      DeviceMessage full = DeviceFrameDecoder.read(frame, sender, PayloadLimits.STANDARD);
      assertThat(quick).as(() -> text(json)).isEqualTo(full);
    } catch (Refusal | IOException refused) {
      throw new AssertionError("Taken on the short way only: " + text(json), refused);
    }
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  private static DeviceMessage.@Nullable Telemetry quick(String json) {
    ByteBuf frame = SampleFrames.buffer(json);
    return FastTelemetryDecoder.read(
        Frame.of(Encoding.JSON, frame), SampleFrames.NOW, PayloadLimits.STANDARD);
  }
}

package io.signalbox.hub.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.signalbox.hub.model.Refusal;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The decoders return a message or a refusal for any bytes, and never throw anything else. */
class MalformedFramesTest {
  private static final int ROUNDS = 100;
  private static final List<PayloadType> TYPES = List.of(PayloadType.values());
  private static final List<TimestampUnit> UNITS = List.of(TimestampUnit.values());
  private static final PayloadLimits LIMITS = PayloadLimits.STANDARD;
  private static final Pattern POSITION =
      Pattern.compile("^(line \\d+, column \\d+: |byte \\d+|the (payload|body|frame) )");

  @Test
  void mutated_device_frames_are_read_or_refused() throws IOException {
    Random random = new Random(42);
    for (GoldenFrames.Case row : GoldenFrames.toHub().toList()) {
      for (int i = 0; i < ROUNDS && row.bytes().length > 0; i++) {
        byte[] mutated = FrameMutations.of(row.bytes(), random);
        assertThatCode(() -> decode(row.encoding(), mutated))
            .as(() -> hex(mutated))
            .doesNotThrowAnyException();
      }
    }
  }

  @Test
  void random_bytes_are_refused() {
    Random random = new Random(43);
    for (int i = 0; i < 100 * ROUNDS; i++) {
      byte[] noise = new byte[random.nextInt(1, 64)];
      random.nextBytes(noise);
      Encoding encoding = i % 2 == 0 ? Encoding.JSON : Encoding.CBOR;
      assertThat(decode(encoding, noise))
          .as(() -> hex(noise))
          .isInstanceOf(DeviceMessage.Refused.class);
    }
  }

  @Test
  void mutated_payloads_are_read_or_refused() {
    List<String> payloads =
        List.of(
            "{\"temperature\": 21.4, \"door\": true}",
            "{\"ts\": 1764000000000, \"values\": {\"temperature\": 21.4}}",
            "[{\"ts\":1,\"values\":{\"a\":1}},{\"ts\":2,\"values\":{\"a\":[1,{\"b\":null}]}}]",
            "[{\"bn\":\"urn:dev:pump-7:\",\"n\":\"temperature\",\"u\":\"Cel\",\"v\":21.4}]");
    Random random = new Random(44);
    for (int i = 0; i < 100 * ROUNDS; i++) {
      byte[] mutated = FrameMutations.of(SampleFrames.utf8(payloads.get(i % 4)), random);
      PayloadType type = TYPES.get(random.nextInt(TYPES.size()));
      assertThatCode(() -> readOrRefused(PayloadFormat.plain(type), mutated))
          .as(() -> hex(mutated))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void mutated_agent_payloads_are_read_or_refused() throws IOException {
    Random random = new Random(47);
    for (AgentFormat agent : AgentFormat.values()) {
      for (String name : samples(agent)) {
        PayloadType type = name.endsWith(".putval") ? PayloadType.TEXT : PayloadType.JSON;
        byte[] sample = AgentFormatsTest.sample(name);
        for (int i = 0; i < 10 * ROUNDS; i++) {
          TimestampUnit unit = i % 5 == 0 ? UNITS.get(random.nextInt(UNITS.size())) : null;
          byte[] mutated = FrameMutations.of(sample, random);
          PayloadFormat format = new PayloadFormat(type, agent, unit);
          assertThatCode(() -> readOrRefused(format, mutated))
              .as(() -> name + " " + hex(mutated))
              .doesNotThrowAnyException();
        }
      }
    }
  }

  private static List<String> samples(AgentFormat agent) {
    return switch (agent) {
      case TELEGRAF -> List.of("telegraf-single.json", "telegraf-batch.json");
      case COLLECTD -> List.of("collectd.json", "collectd.putval");
      case TASMOTA -> List.of("tasmota-sensor.json", "tasmota-state.json");
      case THE_THINGS_STACK -> List.of("things-stack-uplink.json");
    };
  }

  @Test
  void mutated_bodies_other_than_telemetry_are_read_or_refused() {
    List<String> bodies =
        List.of(
            "{\"telemetry\":{\"ts\":1764000000000,\"values\":{\"a\":1}},\"results\":[{\"id\":\"x\","
                + "\"status\":\"succeeded\",\"data\":{\"b\":[1]}}],\"reported\":{\"rpm\":1450},"
                + "\"power\":{\"minInterval\":1000,\"windows\":[\"22:00-06:30\"]},\"desiredVersion\":3}",
            "{\"id\":\"x\",\"status\":\"failed\",\"error\":\"t\u00e9l\u00e9\",\"data\":null}",
            "{\"setpoint\":21.50,\"zones\":[1,2,{\"a\":null}]}");
    Random random = new Random(48);
    for (int i = 0; i < 50 * ROUNDS; i++) {
      byte[] mutated = FrameMutations.of(SampleFrames.utf8(bodies.get(i % 3)), random);
      Encoding encoding = i % 10 == 0 ? Encoding.CBOR : Encoding.JSON;
      assertThatCode(() -> readOrRefused(encoding, mutated))
          .as(() -> hex(mutated))
          .doesNotThrowAnyException();
    }
  }

  private static void readOrRefused(Encoding encoding, byte[] body) {
    assertRefusalsNameAPosition(
        () -> ExchangeDecoder.read(encoding, buffer(body), "pump-7", SampleFrames.NOW, LIMITS));
    assertRefusalsNameAPosition(
        () -> DeviceRequestDecoder.result(encoding, buffer(body), "x", LIMITS));
    assertRefusalsNameAPosition(() -> DeviceRequestDecoder.patch(encoding, buffer(body), LIMITS));
  }

  @Test
  void mutated_client_frames_are_read_or_refused() {
    byte[] frame =
        SampleFrames.utf8(
            "{\"type\":\"subscribe\",\"id\":1,\"topics\":[\"telemetry\"],\"devices\":[\"pump-7\"],"
                + "\"labels\":{\"site\":\"ghent\"},\"rate\":10,\"after\":\"e-42\"}");
    Random random = new Random(45);
    for (int i = 0; i < 100 * ROUNDS; i++) {
      byte[] mutated = FrameMutations.of(frame, random);
      StreamMessage message = StreamFrameCodec.decode(Unpooled.wrappedBuffer(mutated));
      if (message instanceof StreamMessage.Refused refused) {
        StreamFrameCodec.error(UnpooledByteBufAllocator.DEFAULT, 1, refused.refusal()).release();
      }
    }
  }

  @Test
  void trailing_bytes_after_a_client_frame_are_refused() {
    assertThat(
            StreamFrameCodec.decode(SampleFrames.buffer("{\"type\":\"ping\"} {\"type\":\"ping\"}")))
        .isInstanceOf(StreamMessage.Refused.class);
  }

  @Test
  void a_refusal_that_quotes_a_lone_surrogate_can_be_sent() {
    String json = "{\"type\":\"\\uD83D\"}";
    DeviceMessage.Refused refused = (DeviceMessage.Refused) SampleFrames.decode(json);
    for (Encoding encoding : Encoding.values()) {
      byte[] frame =
          SampleFrames.bytes(
              DeviceFrameCodec.error(
                  encoding, UnpooledByteBufAllocator.DEFAULT, refused.refusal(), refused.seq()));
      assertThat(frame).isNotEmpty();
    }
    assertThat(ProblemJson.bytes(refused.refusal())).asString().contains("type must be ");
  }

  private static void readOrRefused(PayloadFormat format, byte[] body) {
    assertRefusalsNameAPosition(
        () ->
            TelemetryPayloadDecoder.decode(
                format, buffer(body), "pump-7", SampleFrames.NOW, LIMITS));
  }

  /** A refusal names the field, the line and column, the byte, or the payload as a whole. */
  private static void assertRefusalsNameAPosition(Runnable read) {
    try {
      read.run();
    } catch (Refusal refusal) {
      assertThat(refusal.detail()).isNotEmpty().hasSizeLessThan(600);
      boolean named = refusal.field() != null || POSITION.matcher(refusal.detail()).find();
      assertThat(named).as(refusal.detail()).isTrue();
    }
  }

  private static ByteBuf buffer(byte[] body) {
    return Unpooled.wrappedBuffer(body);
  }

  private static DeviceMessage decode(Encoding encoding, byte[] frame) {
    DeviceMessage message =
        DeviceFrameCodec.decode(
            encoding,
            Unpooled.wrappedBuffer(frame),
            "pump-7",
            SampleFrames.NOW,
            PayloadLimits.STANDARD);
    if (message instanceof DeviceMessage.Refused refused) {
      assertThat(refused.refusal().detail()).isNotEmpty().hasSizeLessThan(600);
      DeviceFrameCodec.error(encoding, UnpooledByteBufAllocator.DEFAULT, refused.refusal(), 1)
          .release();
    }
    return message;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}

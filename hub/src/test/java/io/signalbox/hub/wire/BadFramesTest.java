package io.signalbox.hub.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.signalbox.hub.model.Refusal;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever comes over a wire is answered by a message or a refusal, never by an exception. */
class BadFramesTest {
  private static final int ROUNDS = 100;
  private static final List<PayloadType> TYPES = List.of(PayloadType.values());

  @Test
  void spoilt_frames_are_read_or_refused() throws IOException {
    Random random = new Random(42);
    for (GoldenFrames.Case row : GoldenFrames.toHub().toList()) {
      for (int i = 0; i < ROUNDS && row.bytes().length > 0; i++) {
        byte[] spoilt = Mutations.of(row.bytes(), random);
        assertThatCode(() -> decode(row.encoding(), spoilt))
            .as(() -> hex(spoilt))
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
  void spoilt_payloads_are_read_or_refused() {
    List<String> payloads =
        List.of(
            "{\"temperature\": 21.4, \"door\": true}",
            "{\"ts\": 1764000000000, \"values\": {\"temperature\": 21.4}}",
            "[{\"ts\":1,\"values\":{\"a\":1}},{\"ts\":2,\"values\":{\"a\":[1,{\"b\":null}]}}]",
            "[{\"bn\":\"urn:dev:pump-7:\",\"n\":\"temperature\",\"u\":\"Cel\",\"v\":21.4}]");
    Random random = new Random(44);
    for (int i = 0; i < 100 * ROUNDS; i++) {
      byte[] spoilt = Mutations.of(Samples.utf8(payloads.get(i % 4)), random);
      PayloadType type = TYPES.get(random.nextInt(TYPES.size()));
      assertThatCode(() -> readOrRefused(type, spoilt))
          .as(() -> hex(spoilt))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void spoilt_frames_of_viewers_are_read_or_refused() {
    byte[] frame =
        Samples.utf8(
            "{\"type\":\"subscribe\",\"id\":1,\"topics\":[\"telemetry\"],\"devices\":[\"pump-7\"],"
                + "\"labels\":{\"site\":\"ghent\"},\"rate\":10,\"after\":\"e-42\"}");
    Random random = new Random(45);
    for (int i = 0; i < 100 * ROUNDS; i++) {
      byte[] spoilt = Mutations.of(frame, random);
      StreamMessage message = StreamFrames.decode(Unpooled.wrappedBuffer(spoilt));
      if (message instanceof StreamMessage.Refused refused) {
        StreamFrames.error(UnpooledByteBufAllocator.DEFAULT, 1, refused.refusal()).release();
      }
    }
  }

  @Test
  void what_follows_a_frame_of_a_viewer_is_refused() {
    assertThat(StreamFrames.decode(Samples.buffer("{\"type\":\"ping\"} {\"type\":\"ping\"}")))
        .isInstanceOf(StreamMessage.Refused.class);
  }

  @Test
  void a_refusal_that_quotes_half_a_character_can_still_be_sent() {
    String json = "{\"type\":\"\\uD83D\"}";
    DeviceMessage.Refused refused = (DeviceMessage.Refused) Samples.decode(json);
    for (Encoding encoding : Encoding.values()) {
      byte[] frame =
          Samples.bytes(
              DeviceFrames.error(
                  encoding, UnpooledByteBufAllocator.DEFAULT, refused.refusal(), refused.seq()));
      assertThat(frame).isNotEmpty();
    }
    assertThat(Problems.bytes(refused.refusal())).asString().contains("is no type");
  }

  private static void readOrRefused(PayloadType type, byte[] body) {
    try {
      TelemetryPayloads.decode(
          type, Unpooled.wrappedBuffer(body), "pump-7", Samples.NOW, Limits.STANDARD);
    } catch (Refusal refusal) {
      assertThat(refusal.detail()).isNotEmpty().hasSizeLessThan(600);
    }
  }

  private static DeviceMessage decode(Encoding encoding, byte[] frame) {
    DeviceMessage message =
        DeviceFrames.decode(
            encoding, Unpooled.wrappedBuffer(frame), "pump-7", Samples.NOW, Limits.STANDARD);
    if (message instanceof DeviceMessage.Refused refused) {
      assertThat(refused.refusal().detail()).isNotEmpty().hasSizeLessThan(600);
      DeviceFrames.error(encoding, UnpooledByteBufAllocator.DEFAULT, refused.refusal(), 1)
          .release();
    }
    return message;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}

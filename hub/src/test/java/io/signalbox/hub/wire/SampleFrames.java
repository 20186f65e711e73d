package io.signalbox.hub.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Fault;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Twin;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Sample messages and conversions for tests. */
final class SampleFrames {
  static final long NOW = 1_764_000_000_000L;
  private static final ByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

  private SampleFrames() {}

  static DeviceMessage decode(String json) {
    return DeviceFrameCodec.decode(
        Encoding.JSON, buffer(json), "pump-7", NOW, PayloadLimits.STANDARD);
  }

  static ByteBuf buffer(String text) {
    return Unpooled.wrappedBuffer(utf8(text));
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] bytes(ByteBuf frame) {
    byte[] bytes = ByteBufUtil.getBytes(frame);
    frame.release();
    return bytes;
  }

  static Command.State state(String word) {
    return Command.State.valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** Encodes a hub frame for a device that has reported nothing or the desired state. */
  static ByteBuf write(Encoding encoding, JsonNode frame) {
    return write(encoding, frame, MissingNode.getInstance());
  }

  /** Encodes a hub frame for a device with this reported state. */
  static ByteBuf write(Encoding encoding, JsonNode frame, JsonNode reported) {
    return switch (frame.get("type").textValue()) {
      case "welcome" -> DeviceFrameCodec.welcome(encoding, ALLOCATOR, welcome(frame, reported));
      case "ack" -> DeviceFrameCodec.ack(encoding, ALLOCATOR, frame.get("seq").longValue());
      case "command" -> DeviceFrameCodec.command(encoding, ALLOCATOR, command(frame));
      case "desired" -> DeviceFrameCodec.desired(encoding, ALLOCATOR, twin(frame, reported));
      case "error" -> DeviceFrameCodec.error(encoding, ALLOCATOR, refusal(frame), seq(frame));
      case "described" ->
          DeviceFrameCodec.described(encoding, ALLOCATOR, frame.get("version").longValue());
      case "pong" -> DeviceFrameCodec.pong(encoding, ALLOCATOR);
      default -> throw new IllegalArgumentException("No such frame: " + frame);
    };
  }

  private static DeviceFrameCodec.Welcome welcome(JsonNode frame, JsonNode reported) {
    return new DeviceFrameCodec.Welcome(
        frame.get("device").textValue(),
        Long.parseLong(frame.get("session").textValue()),
        frame.get("heartbeat").intValue(),
        PayloadLimits.STANDARD,
        frame.get("limits").path("readingsPerSecond").asInt(0),
        twin(frame.get("desired"), reported));
  }

  private static Twin twin(JsonNode desired, JsonNode reported) {
    String state = desired.get("state").toString();
    String known = desired.has("delta") ? "{}" : state;
    String said = reported.isMissingNode() ? known : reported.toString();
    return new Twin(
        new Twin.Side(desired.get("version").longValue(), state), new Twin.Side(1, said));
  }

  private static Command command(JsonNode frame) {
    return new Command(
        frame.get("id").textValue(),
        "pump-7",
        frame.get("name").textValue(),
        frame.get("params").toString(),
        NOW,
        frame.get("expires").longValue(),
        0,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of());
  }

  private static Refusal refusal(JsonNode frame) {
    String code = frame.get("code").textValue();
    Refusal.ErrorCode kind =
        Stream.of(Refusal.ErrorCode.values())
            .filter(k -> k.code().equals(code))
            .findFirst()
            .orElseThrow();
    String message = frame.get("message").textValue();
    List<Fault> faults = new ArrayList<>();
    frame
        .path("errors")
        .forEach(
            error ->
                faults.add(
                    new Fault(error.get("pointer").textValue(), error.get("detail").textValue())));
    return faults.isEmpty()
        ? new Refusal(kind, message)
        : new Refusal(kind, null, message.substring(0, message.indexOf(": /")), faults);
  }

  private static long seq(JsonNode frame) {
    return frame.path("seq").asLong(DeviceMessage.NO_SEQ);
  }
}

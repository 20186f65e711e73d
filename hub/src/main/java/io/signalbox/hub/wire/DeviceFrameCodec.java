package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Twin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Codec of the device protocol's frames, in both directions and both encodings. Stateless; safe on
 * any thread.
 *
 * <p>{@link #decode} is the hub's busiest code path: {@link FastTelemetryDecoder} reads small JSON
 * telemetry frames, {@link DeviceFrameDecoder} reads all others.
 */
public final class DeviceFrameCodec {
  private static final byte[] ACK =
      "{\"type\":\"ack\",\"seq\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ACK_CBOR = {
    (byte) 0xa2, 0x64, 't', 'y', 'p', 'e', 0x63, 'a', 'c', 'k', 0x63, 's', 'e', 'q', 0x1b
  };

  private DeviceFrameCodec() {}

  /**
   * Decodes a device's frame. Never throws: an invalid frame is a {@link DeviceMessage.Refused}.
   *
   * @param frame one whole frame; neither consumed nor kept
   * @param device the id of the sending device
   * @param now the hub's clock, Unix milliseconds
   */
  public static DeviceMessage decode(
      Encoding encoding, ByteBuf frame, String device, long now, PayloadLimits limits) {
    if (frame.readableBytes() > limits.messageBytes()) {
      String what = "the frame exceeds the limit of " + limits.messageBytes() + " bytes";
      return new DeviceMessage.Refused(
          DeviceMessage.NO_SEQ, new Refusal(Refusal.ErrorCode.TOO_LARGE, what));
    }
    return read(Frame.of(encoding, frame), new MessageContext(device, now), limits);
  }

  private static DeviceMessage read(Frame frame, MessageContext sender, PayloadLimits limits) {
    if (frame.encoding() == Encoding.JSON) {
      DeviceMessage common = FastTelemetryDecoder.read(frame, sender.now(), limits);
      if (common != null) {
        return common;
      }
    }
    try {
      return DeviceFrameDecoder.read(frame.requireText(), sender, limits);
    } catch (Refusal refusal) {
      return new DeviceMessage.Refused(frame.seq(), refusal);
    } catch (IOException invalid) {
      Refusal refusal = DecodeErrors.unparsable(frame.encoding(), invalid);
      return new DeviceMessage.Refused(frame.seq(), refusal);
    }
  }

  /** Encodes {@code {"type":"ack","seq":n}}: all messages up to {@code seq} are durable. */
  public static ByteBuf ack(Encoding encoding, ByteBufAllocator allocator, long seq) {
    ByteBuf frame = allocator.buffer(40);
    switch (encoding) {
      case JSON -> {
        frame.writeBytes(ACK);
        ByteBufUtil.writeAscii(frame, Long.toString(seq));
        frame.writeByte('}');
      }
      case CBOR -> frame.writeBytes(ACK_CBOR).writeLong(seq);
    }
    return frame;
  }

  /**
   * Contents of the {@code welcome} frame.
   *
   * @param device the device's id
   * @param session the session's epoch
   * @param heartbeatSeconds the longest silence, in seconds, before the hub checks the connection
   * @param limits the limits of one message
   * @param readingsPerSecond the sustained rate limit; 0 for none
   * @param twin the device's desired and reported state
   */
  public record Welcome(
      String device,
      long session,
      int heartbeatSeconds,
      PayloadLimits limits,
      int readingsPerSecond,
      Twin twin) {}

  /** Encodes {@code welcome}, the first frame of a session. */
  public static ByteBuf welcome(Encoding encoding, ByteBufAllocator allocator, Welcome welcome) {
    return DeviceFrameEncoder.frame(encoding, allocator, "welcome", out -> welcome(out, welcome));
  }

  private static void welcome(DeviceFrameEncoder out, Welcome welcome) throws IOException {
    JsonGenerator json = out.json();
    json.writeStringField("device", welcome.device());
    json.writeStringField("session", Long.toString(welcome.session()));
    json.writeNumberField("heartbeat", welcome.heartbeatSeconds());
    json.writeObjectFieldStart("limits");
    json.writeNumberField("frameBytes", welcome.limits().messageBytes());
    json.writeNumberField("readings", welcome.limits().readings());
    if (welcome.readingsPerSecond() > 0) {
      json.writeNumberField("readingsPerSecond", welcome.readingsPerSecond());
    }
    json.writeEndObject();
    json.writeObjectFieldStart("desired");
    desired(out, welcome.twin());
    json.writeEndObject();
  }

  static void desired(DeviceFrameEncoder out, Twin twin) throws IOException {
    out.json().writeNumberField("version", twin.desired().version());
    out.raw("state", twin.desired().state());
    String delta = TwinDelta.of(twin);
    if (!delta.equals(TwinDelta.NONE)) {
      out.raw("delta", delta);
    }
  }

  /** Encodes a {@code command}: {@code id}, {@code name}, {@code params}, {@code expires}. */
  public static ByteBuf command(Encoding encoding, ByteBufAllocator allocator, Command command) {
    return DeviceFrameEncoder.frame(encoding, allocator, "command", out -> command(out, command));
  }

  static void command(DeviceFrameEncoder out, Command command) throws IOException {
    out.json().writeStringField("id", command.id());
    out.json().writeStringField("name", command.name());
    out.raw("params", command.params());
    out.json().writeNumberField("expires", command.expires());
  }

  /** Encodes {@code desired}: {@code version}, {@code state}, {@code delta} if any. */
  public static ByteBuf desired(Encoding encoding, ByteBufAllocator allocator, Twin twin) {
    return DeviceFrameEncoder.frame(encoding, allocator, "desired", out -> desired(out, twin));
  }

  /**
   * Encodes an {@code error} for a refused frame; the session continues.
   *
   * @param seq the sequence number of the refused message, or {@link DeviceMessage#NO_SEQ}
   */
  public static ByteBuf error(
      Encoding encoding, ByteBufAllocator allocator, Refusal refusal, long seq) {
    return DeviceFrameEncoder.frame(encoding, allocator, "error", out -> error(out, refusal, seq));
  }

  private static void error(DeviceFrameEncoder out, Refusal refusal, long seq) throws IOException {
    out.json().writeStringField("code", refusal.kind().code());
    out.json().writeStringField("message", refusal.detail());
    if (seq != DeviceMessage.NO_SEQ) {
      out.json().writeNumberField("seq", seq);
    }
    ProblemJson.errors(out.json(), refusal);
  }

  /** Encodes {@code described}: the device's description is stored as this version. */
  public static ByteBuf described(Encoding encoding, ByteBufAllocator allocator, long version) {
    return DeviceFrameEncoder.frame(
        encoding, allocator, "described", out -> out.json().writeNumberField("version", version));
  }

  /** Encodes {@code pong}, the response to a ping. */
  public static ByteBuf pong(Encoding encoding, ByteBufAllocator allocator) {
    return DeviceFrameEncoder.frame(encoding, allocator, "pong", out -> {});
  }
}

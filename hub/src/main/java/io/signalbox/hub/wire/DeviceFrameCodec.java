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
 * The frames of the device door, in both directions and both encodings. Stateless: any thread.
 *
 * <p>Most of what the hub ever reads passes {@link #decode}: small telemetry frames of JSON are
 * taken by {@link FastTelemetryDecoder}, everything else and everything doubtful by {@link
 * DeviceFrameDecoder}.
 */
public final class DeviceFrameCodec {
  private static final byte[] ACK =
      "{\"type\":\"ack\",\"seq\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ACK_CBOR = {
    (byte) 0xa2, 0x64, 't', 'y', 'p', 'e', 0x63, 'a', 'c', 'k', 0x63, 's', 'e', 'q', 0x1b
  };

  private DeviceFrameCodec() {}

  /**
   * What a device says. Never throws: what cannot be taken is a {@link DeviceMessage.Refused}.
   *
   * @param frame one whole frame; neither consumed nor kept
   * @param device the id of the device that speaks
   * @param now the hub's clock, Unix milliseconds
   */
  public static DeviceMessage decode(
      Encoding encoding, ByteBuf frame, String device, long now, PayloadLimits limits) {
    if (frame.readableBytes() > limits.messageBytes()) {
      String what = "a message has at most " + limits.messageBytes() + " bytes";
      return new DeviceMessage.Refused(
          DeviceMessage.NO_SEQ, new Refusal(Refusal.ErrorCode.TOO_LARGE, what));
    }
    return read(Frame.of(encoding, frame), new MessageContext(device, now), limits);
  }

  private static DeviceMessage read(Frame frame, MessageContext sender, PayloadLimits limits) {
    if (frame.encoding() == Encoding.JSON) {
      DeviceMessage everyday = FastTelemetryDecoder.read(frame, sender.now(), limits);
      if (everyday != null) {
        return everyday;
      }
    }
    try {
      return DeviceFrameDecoder.read(frame.requireText(), sender, limits);
    } catch (Refusal refusal) {
      return new DeviceMessage.Refused(frame.seq(), refusal);
    } catch (IOException nonsense) {
      Refusal refusal = DecodeErrors.unparsable(frame.encoding(), nonsense);
      return new DeviceMessage.Refused(frame.seq(), refusal);
    }
  }

  /** {@code {"type":"ack","seq":n}}: everything up to the number is durable. */
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
   * What a device is told first.
   *
   * @param device its id
   * @param session its session's epoch
   * @param heartbeatSeconds how long the device may be silent before the hub wonders
   * @param limits what it may say at once
   * @param readingsPerSecond how much it may say in the long run; 0 for no limit
   * @param twin what operators want it to be, and what it has said it is
   */
  public record Welcome(
      String device,
      long session,
      int heartbeatSeconds,
      PayloadLimits limits,
      int readingsPerSecond,
      Twin twin) {}

  /** The first frame of a session. */
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

  /** Something to do: {@code id}, {@code name}, {@code params}, {@code expires}. */
  public static ByteBuf command(Encoding encoding, ByteBufAllocator allocator, Command command) {
    return DeviceFrameEncoder.frame(encoding, allocator, "command", out -> command(out, command));
  }

  static void command(DeviceFrameEncoder out, Command command) throws IOException {
    out.json().writeStringField("id", command.id());
    out.json().writeStringField("name", command.name());
    out.raw("params", command.params());
    out.json().writeNumberField("expires", command.expires());
  }

  /** The twin's desired state: {@code version}, {@code state}, {@code delta} if any. */
  public static ByteBuf desired(Encoding encoding, ByteBufAllocator allocator, Twin twin) {
    return DeviceFrameEncoder.frame(encoding, allocator, "desired", out -> desired(out, twin));
  }

  /**
   * A frame was refused; the session goes on.
   *
   * @param seq the number that the refused message used up, or {@link DeviceMessage#NO_SEQ}
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
  }

  /** The answer to a ping. */
  public static ByteBuf pong(Encoding encoding, ByteBufAllocator allocator) {
    return DeviceFrameEncoder.frame(encoding, allocator, "pong", out -> {});
  }
}

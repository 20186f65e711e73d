package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.buffer.ByteBuf;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Decoder of telemetry payloads of transports without frames, such as request bodies. Stateless;
 * safe on any thread.
 */
public final class TelemetryPayloadDecoder {
  private final Frame body;
  private final @Nullable String field;
  private final JsonParser in;
  private final MessageContext sender;
  private final PayloadLimits limits;

  private TelemetryPayloadDecoder(
      Frame body,
      @Nullable String field,
      JsonParser in,
      MessageContext sender,
      PayloadLimits limits) {
    this.body = body;
    this.field = field;
    this.in = in;
    this.sender = sender;
    this.limits = limits;
  }

  /**
   * Decodes a payload with at least one reading.
   *
   * @param body neither consumed nor kept
   * @param device the id of the sending device
   * @param now the hub's clock, Unix milliseconds
   * @throws Refusal if the payload is invalid; names the position or the field
   */
  public static TelemetryPayload decode(
      PayloadFormat format, ByteBuf body, String device, long now, PayloadLimits limits) {
    if (body.readableBytes() > limits.messageBytes()) {
      throw new Refusal(
          ErrorCode.TOO_LARGE, "the body exceeds the limit of " + limits.messageBytes() + " bytes");
    }
    PayloadType type = format.type();
    Frame frame = Frame.of(type.encoding(), body);
    MessageContext sender = new MessageContext(device, now);
    if (type == PayloadType.TEXT) {
      return commands(format, frame, sender, limits);
    }
    frame.requireText();
    try (JsonParser in = frame.parser()) {
      TelemetryPayload read =
          new TelemetryPayloadDecoder(frame, null, in, sender, limits).body(format);
      frame.requireEnd(in);
      return read;
    } catch (IOException invalid) {
      throw DecodeErrors.unparsable(type.encoding(), invalid);
    }
  }

  private static TelemetryPayload commands(
      PayloadFormat format, Frame frame, MessageContext sender, PayloadLimits limits) {
    if (format.agent() != AgentFormat.COLLECTD) {
      String what = "Content-Type text/plain is supported only with ?format=collectd";
      throw new Refusal(ErrorCode.UNSUPPORTED_MEDIA, "Content-Type", what);
    }
    Utf8Text.requireText(frame.bytes(), frame.offset(), frame.offset() + frame.length());
    TelemetryPayload read =
        PutvalDecoder.read(frame, sender, timestamps(format, sender, limits), limits);
    ReadingsDecoder.requireSome(read.readings(), read.skipped(), null);
    return read;
  }

  private static TimestampParser timestamps(
      PayloadFormat format, MessageContext sender, PayloadLimits limits) {
    return new TimestampParser(sender.now(), limits.futureMillis(), format.timestampUnit());
  }

  /** Decodes the current value, a payload in a field of a body. */
  static TelemetryPayload field(
      Frame body, JsonParser in, String field, MessageContext sender, PayloadLimits limits)
      throws IOException {
    return new TelemetryPayloadDecoder(body, field, in, sender, limits)
        .read(PayloadFormat.plain(PayloadType.JSON));
  }

  private TelemetryPayload body(PayloadFormat format) throws IOException {
    if (in.nextToken() == null) {
      throw new Refusal(ErrorCode.MALFORMED, "the body is empty; expected an object or an array");
    }
    return read(format);
  }

  private TelemetryPayload read(PayloadFormat format) throws IOException {
    TimestampParser timestamps = timestamps(format, sender, limits);
    ReadingsDecoder readings = new ReadingsDecoder(in, limits, timestamps);
    AgentFormat agent = format.agent();
    if (agent == null) {
      own(format.type(), readings, timestamps);
    } else {
      reader(agent, readings, timestamps).read();
    }
    TelemetryPayload read =
        new TelemetryPayload(readings.readings(), readings.skipped(), readings.units());
    ReadingsDecoder.requireSome(read.readings(), read.skipped(), field);
    return read;
  }

  private AgentDecoder reader(
      AgentFormat agent, ReadingsDecoder readings, TimestampParser timestamps) {
    return switch (agent) {
      case TELEGRAF -> new TelegrafDecoder(in, readings, timestamps, sender.device());
      case COLLECTD -> new CollectdDecoder(in, readings, timestamps, sender.device());
      case TASMOTA -> new TasmotaDecoder(in, readings, timestamps, limits);
      case THE_THINGS_STACK -> new ThingsStackDecoder(in, readings, timestamps, sender.device());
    };
  }

  private void own(PayloadType type, ReadingsDecoder readings, TimestampParser timestamps)
      throws IOException {
    switch (shape(type)) {
      case VALUES -> readings.bareValues();
      case INSTANT -> readings.instant();
      case BATCH -> readings.batch();
      case SENML -> new SenmlDecoder(in, readings, timestamps, sender.device()).pack();
    }
  }

  private enum Shape {
    VALUES,
    INSTANT,
    BATCH,
    SENML
  }

  /** An object with {@code values} or {@code ts} is an instant, an array of them a batch. */
  private Shape shape(PayloadType type) throws IOException {
    if (type == PayloadType.SENML_JSON || type == PayloadType.SENML_CBOR) {
      return Shape.SENML;
    }
    if (in.currentToken() == JsonToken.START_OBJECT) {
      return hasInstant() ? Shape.INSTANT : Shape.VALUES;
    }
    if (in.currentToken() == JsonToken.START_ARRAY) {
      return hasInstant() ? Shape.BATCH : Shape.SENML;
    }
    throw DecodeErrors.expected(in, "an object or an array");
  }

  /** Looks ahead into the object, or into the first object of the array. */
  private boolean hasInstant() throws IOException {
    try (JsonParser ahead = body.parser()) {
      ahead.nextToken();
      if (field != null && !Frame.seek(ahead, field::equals)) {
        return false;
      }
      if (ahead.currentToken() == JsonToken.START_ARRAY) {
        ahead.nextToken();
      }
      boolean inObject = ahead.currentToken() == JsonToken.START_OBJECT;
      return inObject && Frame.seek(ahead, name -> name.equals("values") || name.equals("ts"));
    }
  }
}

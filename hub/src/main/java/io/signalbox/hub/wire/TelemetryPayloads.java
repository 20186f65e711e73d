package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.buffer.ByteBuf;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Telemetry payloads of the transports that have no frames: bodies of requests, messages of topics.
 * Stateless: any thread.
 */
public final class TelemetryPayloads {
  private final Frame body;
  private final @Nullable String field;
  private final JsonParser in;
  private final Sender sender;
  private final Limits limits;

  private TelemetryPayloads(
      Frame body, @Nullable String field, JsonParser in, Sender sender, Limits limits) {
    this.body = body;
    this.field = field;
    this.in = in;
    this.sender = sender;
    this.limits = limits;
  }

  /**
   * The readings of a payload, at least one; those without a timestamp carry {@link
   * DeviceMessage#NO_TS}.
   *
   * @param body neither consumed nor kept
   * @param device the id of the device that speaks
   * @param now the hub's clock, Unix milliseconds
   * @throws Refusal when the payload cannot be taken, naming the position or the field
   */
  public static List<Reading> decode(
      PayloadType type, ByteBuf body, String device, long now, Limits limits) {
    if (body.readableBytes() > limits.messageBytes()) {
      throw new Refusal(
          Kind.TOO_LARGE, "a message has at most " + limits.messageBytes() + " bytes");
    }
    Frame frame = Frame.of(type.encoding(), body).requireText();
    try (JsonParser in = frame.parser()) {
      Sender sender = new Sender(device, now);
      List<Reading> readings = new TelemetryPayloads(frame, null, in, sender, limits).body(type);
      frame.requireEnd(in);
      return readings;
    } catch (IOException nonsense) {
      throw Faults.unparsable(type.encoding(), nonsense);
    }
  }

  /** The payload that a field of a body is, whose value the parser is at. */
  static List<Reading> field(Frame body, JsonParser in, String field, Sender sender, Limits limits)
      throws IOException {
    return new TelemetryPayloads(body, field, in, sender, limits).read(PayloadType.JSON);
  }

  private List<Reading> body(PayloadType type) throws IOException {
    if (in.nextToken() == null) {
      throw new Refusal(Kind.MALFORMED, "the body is empty");
    }
    return read(type);
  }

  private List<Reading> read(PayloadType type) throws IOException {
    Timestamps timestamps = new Timestamps(sender.now(), limits.futureMillis());
    ReadingsReader readings = new ReadingsReader(in, limits, timestamps);
    switch (shape(type)) {
      case VALUES -> readings.values(DeviceMessage.NO_TS);
      case INSTANT -> readings.instant();
      case BATCH -> readings.batch();
      case SENML -> new SenmlReader(in, readings, timestamps, sender.device()).pack();
    }
    return readings.readings();
  }

  private enum Shape {
    VALUES,
    INSTANT,
    BATCH,
    SENML
  }

  /** An object with {@code values} or {@code ts} in it is an instant, an array of such a batch. */
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
    throw new Refusal(Kind.INVALID, field, "a payload is an object or an array");
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

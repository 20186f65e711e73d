package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.buffer.ByteBuf;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.wire.ExchangeRequest.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decoder of the body of an exchange. An invalid part is skipped and its refusal kept; a body that
 * cannot be parsed is refused as a whole. One instance decodes one body, on one thread.
 */
public final class ExchangeDecoder {
  /** More than the number of unfinished commands a device can have. */
  private static final int MAX_RESULTS = 200;

  private final Frame frame;
  private final JsonParser in;
  private final MessageContext sender;
  private final PayloadLimits limits;
  private final List<Result> results = new ArrayList<>();
  private final List<Refusal> refused = new ArrayList<>();
  private TelemetryPayload telemetry = TelemetryPayload.NONE;
  private @Nullable String reported;
  private @Nullable String description;
  private ExchangeRequest.@Nullable PowerReport power;
  private @Nullable Long desiredVersion;
  private @Nullable Set<String> received;

  private ExchangeDecoder(Frame frame, JsonParser in, MessageContext sender, PayloadLimits limits) {
    this.frame = frame;
    this.in = in;
    this.sender = sender;
    this.limits = limits;
  }

  /**
   * Decodes a body; an empty body is an empty exchange.
   *
   * @param body neither consumed nor kept
   * @param device the id of the sending device
   * @param now the hub's clock, Unix milliseconds
   * @throws Refusal if the body cannot be parsed or is not an object
   */
  public static ExchangeRequest read(
      Encoding encoding, ByteBuf body, String device, long now, PayloadLimits limits) {
    if (!body.isReadable()) {
      return new ExchangeRequest(
          TelemetryPayload.NONE, List.of(), null, null, null, null, null, List.of());
    }
    MessageContext sender = new MessageContext(device, now);
    return DeviceRequestDecoder.whole(
        encoding,
        body,
        limits,
        (frame, in) -> new ExchangeDecoder(frame, in, sender, limits).body());
  }

  private ExchangeRequest body() throws IOException {
    JsonStreamContext top = in.getParsingContext();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      orRefuse(top, () -> part(name));
    }
    return new ExchangeRequest(
        telemetry, results, reported, description, power, desiredVersion, received, refused);
  }

  private void part(String name) throws IOException {
    switch (name) {
      case "telemetry" ->
          telemetry = TelemetryPayloadDecoder.field(frame, in, name, sender, limits);
      case "results" -> results();
      case "reported" -> reported = object(limits.jsonBytes());
      case "description" -> description = object(PayloadLimits.DESCRIPTION_BYTES);
      case "power" -> power = new PowerDecoder(in).power();
      case "desiredVersion" -> desiredVersion = version();
      case "received" -> received = received();
      default -> in.skipChildren();
    }
  }

  private void results() throws IOException {
    require(JsonToken.START_ARRAY, "an array of results");
    JsonStreamContext array = in.getParsingContext();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      orRefuse(array, this::result);
    }
  }

  private void result() throws IOException {
    String field = "results[" + in.getParsingContext().getParent().getCurrentIndex() + "]";
    require(JsonToken.START_OBJECT, "an object");
    if (results.size() == MAX_RESULTS) {
      String what = "exceeds the limit of " + MAX_RESULTS + " results per request";
      throw DecodeErrors.at(in, ErrorCode.TOO_LARGE, what);
    }
    ResultDecoder reader = new ResultDecoder(in, limits);
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      reader.field(name);
    }
    results.add(new Result(field, reader.result()));
  }

  private String object(int maxBytes) throws IOException {
    require(JsonToken.START_OBJECT, "an object");
    return CompactJson.readAsWritten(in, maxBytes);
  }

  private Long version() throws IOException {
    require(JsonToken.VALUE_NUMBER_INT, "an integer");
    return (long) Numbers.read(in);
  }

  private Set<String> received() throws IOException {
    require(JsonToken.START_ARRAY, "an array of command ids");
    Set<String> ids = new HashSet<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      require(JsonToken.VALUE_STRING, "a command id (a string)");
      ids.add(in.getText());
      if (ids.size() > ExchangeRequest.MAX_RECEIVED) {
        throw DecodeErrors.at(
            in,
            ErrorCode.TOO_LARGE,
            "exceeds the limit of %d command ids".formatted(ExchangeRequest.MAX_RECEIVED));
      }
    }
    return ids;
  }

  private void require(JsonToken token, String expected) {
    if (in.currentToken() != token) {
      throw DecodeErrors.expected(in, expected);
    }
  }

  @FunctionalInterface
  private interface Part {
    void read() throws IOException;
  }

  /** Reads a part of the given object or array; skips the rest of the part if it is refused. */
  private void orRefuse(JsonStreamContext position, Part part) throws IOException {
    try {
      part.read();
    } catch (Refusal refusal) {
      refused.add(refusal);
      if (in.currentToken().isStructStart()) {
        in.skipChildren();
      }
      while (!position.equals(in.getParsingContext())) {
        in.nextToken();
      }
    }
  }
}

package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one frame of any type, its fields in any order; fields that it does not know are passed
 * over, so that newer devices can talk to older hubs. Made for one frame, used by one thread.
 */
final class DeviceFrameDecoder {
  private final Frame frame;
  private final JsonParser in;
  private final MessageContext sender;
  private final PayloadLimits limits;

  private DeviceFrameDecoder(
      Frame frame, JsonParser in, MessageContext sender, PayloadLimits limits) {
    this.frame = frame;
    this.in = in;
    this.sender = sender;
    this.limits = limits;
  }

  /** What the frame says; throws a Refusal, or what the parser throws at nonsense. */
  static DeviceMessage read(Frame frame, MessageContext sender, PayloadLimits limits)
      throws IOException {
    try (JsonParser in = frame.parser()) {
      DeviceMessage message = new DeviceFrameDecoder(frame, in, sender, limits).message();
      frame.requireEnd(in);
      return message;
    }
  }

  private DeviceMessage message() throws IOException {
    JsonToken first = in.nextToken();
    if (first == null) {
      throw new Refusal(ErrorCode.MALFORMED, "the frame is empty");
    }
    if (first != JsonToken.START_OBJECT) {
      throw new Refusal(ErrorCode.INVALID, "a frame is one object");
    }
    String type = type();
    return switch (type) {
      case "telemetry" -> telemetry();
      case "result" -> new DeviceMessage.Result(result());
      case "reported" -> new DeviceMessage.Reported(reported());
      case "ping" -> ping();
      case "" -> throw new Refusal(ErrorCode.INVALID, "type", "type is missing or no text");
      default ->
          throw new Refusal(
              ErrorCode.UNKNOWN_TYPE, "type", DecodeErrors.shown(type) + " is no type");
    };
  }

  /** The frame's type: its first field, else looked for. */
  private String type() throws IOException {
    if (in.nextToken() == JsonToken.FIELD_NAME && in.currentName().equals("type")) {
      return in.nextToken() == JsonToken.VALUE_STRING ? in.getText() : "";
    }
    String type = frame.textOf("type");
    return type == null ? "" : type;
  }

  private DeviceMessage telemetry() throws IOException {
    TelemetryFrameDecoder upload = new TelemetryFrameDecoder(in, sender, limits);
    eachField(upload::field);
    return upload.upload();
  }

  private CommandResult result() throws IOException {
    ResultDecoder result = new ResultDecoder(in, limits);
    eachField(result::field);
    return result.result();
  }

  private DeviceMessage ping() throws IOException {
    eachField(name -> in.skipChildren());
    return new DeviceMessage.Ping();
  }

  private String reported() throws IOException {
    Patch patch = new Patch();
    eachField(patch::field);
    if (patch.text == null) {
      throw new Refusal(ErrorCode.INVALID, "patch", "patch is missing");
    }
    return patch.text;
  }

  private final class Patch {
    private @Nullable String text;

    void field(String name) throws IOException {
      if (!name.equals("patch")) {
        in.skipChildren();
        return;
      }
      if (in.currentToken() != JsonToken.START_OBJECT) {
        throw DecodeErrors.at(in, ErrorCode.INVALID, "is no object");
      }
      text = CompactJson.readAsWritten(in, limits.jsonBytes());
    }
  }

  /** Goes through the frame's fields from where the parser is, handing each on at its value. */
  private void eachField(Field field) throws IOException {
    JsonToken token =
        in.currentToken() == JsonToken.FIELD_NAME ? in.currentToken() : in.nextToken();
    while (token == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      field.take(name);
      token = in.nextToken();
    }
  }

  @FunctionalInterface
  private interface Field {
    void take(String name) throws IOException;
  }
}

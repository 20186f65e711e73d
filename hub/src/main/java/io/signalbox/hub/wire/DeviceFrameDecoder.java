package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Decoder of device frames of all types, with fields in any order. Unknown fields are skipped, so
 * that newer devices can talk to older hubs. One instance decodes one frame, on one thread.
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

  /** Decodes the frame; throws a Refusal, or the parser's exception if the frame is malformed. */
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
      throw new Refusal(ErrorCode.MALFORMED, "the frame is empty; expected an object");
    }
    if (first != JsonToken.START_OBJECT) {
      throw new Refusal(ErrorCode.INVALID, "the frame must be an object");
    }
    String type = type();
    return switch (type) {
      case "telemetry" -> telemetry();
      case "result" -> new DeviceMessage.Result(result());
      case "reported" -> new DeviceMessage.Reported(object("patch", limits.jsonBytes()));
      case "describe" ->
          new DeviceMessage.Describe(object("description", PayloadLimits.DESCRIPTION_BYTES));
      case "ping" -> ping();
      case "" -> throw new Refusal(ErrorCode.INVALID, "type", "type is missing or not a string");
      default ->
          throw new Refusal(
              ErrorCode.UNKNOWN_TYPE,
              "type",
              "type must be telemetry, result, reported, describe or ping; got "
                  + DecodeErrors.shown(type));
    };
  }

  /** The frame's type: usually the first field; searched for otherwise. */
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

  /** The only field of a frame, an object, as compact text. */
  private String object(String name, int maxBytes) throws IOException {
    ObjectField object = new ObjectField(name, maxBytes);
    eachField(object::field);
    if (object.text == null) {
      throw new Refusal(ErrorCode.INVALID, name, name + " is missing");
    }
    return object.text;
  }

  private final class ObjectField {
    private final String name;
    private final int maxBytes;
    private @Nullable String text;

    ObjectField(String name, int maxBytes) {
      this.name = name;
      this.maxBytes = maxBytes;
    }

    void field(String found) throws IOException {
      if (!found.equals(name)) {
        in.skipChildren();
        return;
      }
      if (in.currentToken() != JsonToken.START_OBJECT) {
        throw DecodeErrors.expected(in, "an object");
      }
      text = CompactJson.readAsWritten(in, maxBytes);
    }
  }

  /** Calls the handler for each remaining field, with the parser at the field's value. */
  private void eachField(Field field) throws IOException {
    JsonToken token =
        in.currentToken() == JsonToken.FIELD_NAME ? in.currentToken() : in.nextToken();
    while (token == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      field.read(name);
      token = in.nextToken();
    }
  }

  @FunctionalInterface
  private interface Field {
    void read(String name) throws IOException;
  }
}

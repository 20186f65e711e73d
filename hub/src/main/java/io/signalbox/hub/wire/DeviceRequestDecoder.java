package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.buffer.ByteBuf;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.io.IOException;

/**
 * Decoder of devices' request bodies other than telemetry. Buffers are neither consumed nor kept.
 * Refusals name the position or the field. Stateless; safe on any thread.
 */
public final class DeviceRequestDecoder {
  private DeviceRequestDecoder() {}

  /** Reader of a body's content; called with the parser at the body's first token. */
  @FunctionalInterface
  interface Content<T> {
    T read(Frame frame, JsonParser in) throws IOException;
  }

  /**
   * Decodes a result, with the fields of a {@code result} frame.
   *
   * @param id the id of the request's command; the body may repeat it
   */
  public static CommandResult result(
      Encoding encoding, ByteBuf body, String id, PayloadLimits limits) {
    return whole(encoding, body, limits, (frame, in) -> result(in, id, limits));
  }

  private static CommandResult result(JsonParser in, String id, PayloadLimits limits)
      throws IOException {
    ResultDecoder reader = new ResultDecoder(in, limits).about(id);
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      reader.field(name);
    }
    CommandResult result = reader.result();
    if (!result.id().equals(id)) {
      throw new Refusal(ErrorCode.INVALID, "id", "id must be the id of the request's command");
    }
    return result;
  }

  /** Decodes a merge patch into compact text. */
  public static String patch(Encoding encoding, ByteBuf body, PayloadLimits limits) {
    return whole(
        encoding, body, limits, (frame, in) -> CompactJson.readAsWritten(in, limits.jsonBytes()));
  }

  /** Decodes what a device says of itself into compact text. */
  public static String description(Encoding encoding, ByteBuf body, PayloadLimits limits) {
    return whole(
        encoding,
        body,
        limits,
        (frame, in) -> CompactJson.readAsWritten(in, PayloadLimits.DESCRIPTION_BYTES));
  }

  /** Reads a body that is exactly one object. */
  static <T> T whole(Encoding encoding, ByteBuf body, PayloadLimits limits, Content<T> content) {
    if (body.readableBytes() > limits.messageBytes()) {
      String what = "the body exceeds the limit of " + limits.messageBytes() + " bytes";
      throw new Refusal(ErrorCode.TOO_LARGE, what);
    }
    Frame frame = Frame.of(encoding, body).requireText();
    try (JsonParser in = frame.parser()) {
      JsonToken first = in.nextToken();
      if (first == null) {
        throw new Refusal(ErrorCode.MALFORMED, "the body is empty; expected an object");
      }
      if (first != JsonToken.START_OBJECT) {
        throw new Refusal(ErrorCode.INVALID, "the body must be an object");
      }
      T read = content.read(frame, in);
      frame.requireEnd(in);
      return read;
    } catch (IOException invalid) {
      throw DecodeErrors.unparsable(encoding, invalid);
    }
  }
}

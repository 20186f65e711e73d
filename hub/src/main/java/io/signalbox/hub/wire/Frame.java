package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import io.netty.buffer.ByteBuf;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Refusal;
import java.io.IOException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * View of the bytes of one frame or body, which can be parsed repeatedly. Valid only until the same
 * thread creates the next one: bytes of direct buffers are copied to a scratch array of the thread.
 */
@SuppressWarnings("ArrayRecordComponent") // a short-lived view of a buffer, never compared
record Frame(Encoding encoding, byte[] bytes, int offset, int length) {
  private static final int SCRATCH = 16 * 1024;
  private static final ThreadLocal<byte[]> scratch =
      ThreadLocal.withInitial(() -> new byte[SCRATCH]);

  /**
   * Non-finite numbers are parsed so that the refusal can name the field. The parser keeps no table
   * of names, which clients could fill with colliding ones; {@link MetricNameInterner} interns
   * metric names.
   */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(Json.CONSTRAINTS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  private static final JsonFactory CBOR =
      CBORFactory.builder()
          .streamReadConstraints(Json.CONSTRAINTS)
          .enable(CBORParser.Feature.READ_SIMPLE_VALUE_AS_EMBEDDED_OBJECT)
          .enable(CBORGenerator.Feature.LENIENT_UTF_ENCODING)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  /** The readable bytes of a buffer, which is not consumed. */
  static Frame of(Encoding encoding, ByteBuf buffer) {
    int from = buffer.readerIndex();
    int length = buffer.readableBytes();
    if (buffer.hasArray()) {
      return new Frame(encoding, buffer.array(), buffer.arrayOffset() + from, length);
    }
    byte[] copy = length <= SCRATCH ? scratch.get() : new byte[length];
    buffer.getBytes(from, copy, 0, length);
    return new Frame(encoding, copy, 0, length);
  }

  static JsonFactory factory(Encoding encoding) {
    return switch (encoding) {
      case JSON -> JSON;
      case CBOR -> CBOR;
    };
  }

  /** Refuses invalid UTF-8 with the byte's position. Call before parsing. */
  Frame requireText() {
    switch (encoding) {
      case JSON -> Utf8Text.requireJson(bytes, offset, offset + length);
      case CBOR -> Utf8Text.requireCbor(bytes, offset, offset + length);
    }
    return this;
  }

  JsonParser parser() throws IOException {
    return factory(encoding).createParser(bytes, offset, length);
  }

  /** Refuses data after the end of the frame's or body's value. */
  void requireEnd(JsonParser in) throws IOException {
    if (in.nextToken() != null) {
      throw DecodeErrors.unparsable(
          encoding, new JsonParseException(in, "unexpected data after the end of the message"));
    }
  }

  /** A string field of the outermost object; null if it is absent or not a string. */
  @Nullable String textOf(String field) throws IOException {
    try (JsonParser in = parser()) {
      boolean found = in.nextToken() == JsonToken.START_OBJECT && seek(in, field::equals);
      return found && in.currentToken() == JsonToken.VALUE_STRING ? in.getText() : null;
    }
  }

  /** Advances to the value of the first matching field of the current object. */
  static boolean seek(JsonParser in, Predicate<String> matches) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      if (matches.test(name)) {
        return true;
      }
      in.skipChildren();
    }
    return false;
  }

  /**
   * The sequence number of a refused telemetry frame, at any position before the first syntax
   * error; {@link DeviceMessage#NO_SEQ} if there is none.
   */
  long seq() {
    long seq = DeviceMessage.NO_SEQ;
    try (JsonParser in = parser()) {
      in.nextToken();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        JsonToken value = in.nextToken();
        if (name.equals("type") && !"telemetry".equals(in.getText())) {
          return DeviceMessage.NO_SEQ;
        }
        if (name.equals("seq") && value == JsonToken.VALUE_NUMBER_INT) {
          seq = TelemetryFrameDecoder.seq(in);
        }
        in.skipChildren();
      }
    } catch (IOException | Refusal invalid) {
      return seq;
    }
    return seq;
  }
}

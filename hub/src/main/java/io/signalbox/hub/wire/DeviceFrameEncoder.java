package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Encoder of one frame to a device. */
record DeviceFrameEncoder(Encoding encoding, JsonGenerator json) {
  private static final int INITIAL_SIZE = 256;

  /** Writer of the fields that follow {@code type}. */
  @FunctionalInterface
  interface Fields {
    void write(DeviceFrameEncoder out) throws IOException;
  }

  /** Encodes a frame; lone surrogates, which have no UTF-8 form, are replaced. */
  static ByteBuf frame(Encoding encoding, ByteBufAllocator allocator, String type, Fields fields) {
    try {
      Fields typed = out -> out.typed(type, fields);
      return switch (encoding) {
        case JSON -> ByteBufUtil.writeUtf8(allocator, text(typed));
        case CBOR -> {
          ByteArrayOutputStream bytes = binary(typed);
          yield allocator.buffer(bytes.size()).writeBytes(bytes.toByteArray());
        }
      };
    } catch (IOException e) {
      throw new UncheckedIOException("A frame in memory could not be written", e);
    }
  }

  /** Encodes a response body: an object with these fields. */
  static byte[] body(Encoding encoding, Fields fields) {
    try {
      return switch (encoding) {
        case JSON -> text(fields).toString().getBytes(StandardCharsets.UTF_8);
        case CBOR -> binary(fields).toByteArray();
      };
    } catch (IOException e) {
      throw new UncheckedIOException("A body in memory could not be written", e);
    }
  }

  private static StringBuffer text(Fields fields) throws IOException {
    StringWriter text = new StringWriter(INITIAL_SIZE);
    try (JsonGenerator json = Frame.factory(Encoding.JSON).createGenerator(text)) {
      new DeviceFrameEncoder(Encoding.JSON, json).write(fields);
    }
    return text.getBuffer();
  }

  private static ByteArrayOutputStream binary(Fields fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(INITIAL_SIZE);
    try (JsonGenerator cbor = Frame.factory(Encoding.CBOR).createGenerator(bytes)) {
      new DeviceFrameEncoder(Encoding.CBOR, cbor).write(fields);
    }
    return bytes;
  }

  private void typed(String type, Fields fields) throws IOException {
    json.writeStringField("type", type);
    fields.write(this);
  }

  private void write(Fields fields) throws IOException {
    json.writeStartObject();
    fields.write(this);
    json.writeEndObject();
  }

  /** Writes a field whose value is JSON text: copied in JSON, converted in CBOR. */
  void raw(String field, String text) throws IOException {
    json.writeFieldName(field);
    switch (encoding) {
      case JSON -> json.writeRawValue(text);
      case CBOR -> copy(text);
    }
  }

  private void copy(String text) throws IOException {
    try (JsonParser in = Frame.factory(Encoding.JSON).createParser(text)) {
      int depth = 0;
      do {
        JsonToken token = in.nextToken();
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (token == JsonToken.VALUE_NUMBER_FLOAT) {
          fraction(in.getText());
        } else {
          json.copyCurrentEvent(in);
        }
      } while (depth > 0);
    }
  }

  /** Writes a double if it is exact, otherwise a decimal fraction. */
  private void fraction(String text) throws IOException {
    double nearest = Double.parseDouble(text);
    boolean fits =
        Double.isFinite(nearest)
            && new BigDecimal(text).compareTo(new BigDecimal(Double.toString(nearest))) == 0;
    if (fits) {
      json.writeNumber(nearest);
    } else {
      json.writeNumber(new BigDecimal(text));
    }
  }
}

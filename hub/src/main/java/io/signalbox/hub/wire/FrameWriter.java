package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Writes one frame to a device. */
record FrameWriter(Encoding encoding, JsonGenerator json) {
  private static final int USUAL = 256;

  /** The fields behind {@code type}. */
  @FunctionalInterface
  interface Fields {
    void write(FrameWriter out) throws IOException;
  }

  static ByteBuf frame(Encoding encoding, ByteBufAllocator allocator, String type, Fields fields) {
    ByteBuf frame = allocator.buffer(USUAL);
    try (OutputStream stream = new ByteBufOutputStream(frame);
        JsonGenerator json = Frame.factory(encoding).createGenerator(stream)) {
      json.writeStartObject();
      json.writeStringField("type", type);
      fields.write(new FrameWriter(encoding, json));
      json.writeEndObject();
    } catch (IOException e) {
      frame.release();
      throw new UncheckedIOException("A frame in memory could not be written", e);
    }
    return frame;
  }

  /** A field whose value is JSON text already: as it is in JSON, item by item in CBOR. */
  void raw(String field, String text) throws IOException {
    json.writeFieldName(field);
    switch (encoding) {
      case JSON -> json.writeRawValue(text);
      case CBOR -> copy(text);
    }
  }

  private void copy(String text) throws IOException {
    try (JsonParser in = Frame.factory(Encoding.JSON).createParser(text)) {
      in.nextToken();
      json.copyCurrentStructure(in);
    }
  }
}

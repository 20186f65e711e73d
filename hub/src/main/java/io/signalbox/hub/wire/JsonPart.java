package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Something that can write itself as one JSON value; parts nest. */
@FunctionalInterface
public interface JsonPart {

  /** Writes the value where the generator stands. */
  void write(JsonGenerator out) throws IOException;

  /** The value as UTF-8. */
  default byte[] toBytes() {
    ByteArrayBuilder bytes = new ByteArrayBuilder(256);
    try (JsonGenerator out = Frame.factory(Encoding.JSON).createGenerator(bytes)) {
      write(out);
    } catch (IOException e) {
      throw new UncheckedIOException("A document in memory could not be written", e);
    }
    return bytes.toByteArray();
  }
}

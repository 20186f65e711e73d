package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Something that can write itself as one JSON value; parts nest. */
@FunctionalInterface
public interface JsonWritable {

  /** Writes the value where the generator stands. */
  void write(JsonGenerator out) throws IOException;

  /** The value as UTF-8; half a surrogate pair, which has none, becomes a question mark. */
  default byte[] toBytes() {
    StringWriter text = new StringWriter(256);
    try (JsonGenerator out = Frame.factory(Encoding.JSON).createGenerator(text)) {
      write(out);
    } catch (IOException e) {
      throw new UncheckedIOException("A document in memory could not be written", e);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}

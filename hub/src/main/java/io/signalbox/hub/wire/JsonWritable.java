package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Writer of one JSON value; writers can be nested. */
@FunctionalInterface
public interface JsonWritable {

  /** Writes the value to the generator. */
  void write(JsonGenerator out) throws IOException;

  /** The value as UTF-8; a lone surrogate becomes a question mark. */
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

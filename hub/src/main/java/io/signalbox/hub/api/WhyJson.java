package io.signalbox.hub.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.recorder.Note;
import io.signalbox.hub.wire.ApiJson;
import io.signalbox.hub.wire.JsonPart;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The JSON of the flight recorder's entries and of explanations. */
final class WhyJson {
  private WhyJson() {}

  /** An entry: {@code ts, kind, code, text, session?, transport?, address?, command?, node}. */
  static JsonPart note(Note note) {
    return out -> {
      out.writeStartObject();
      out.writeNumberField("ts", note.ts());
      out.writeStringField("kind", ApiJson.word(note.kind()));
      out.writeStringField("code", note.code());
      out.writeStringField("text", note.sentence());
      place(out, note.place());
      text(out, "command", note.command());
      out.writeStringField("node", note.node());
      if (note.times() > 1) {
        out.writeNumberField("times", note.times());
        out.writeNumberField("last", note.last());
      }
      out.writeEndObject();
    };
  }

  private static void place(JsonGenerator out, Note.Place place) throws IOException {
    Long session = place.session();
    text(out, "session", session == null ? null : session.toString());
    Transport transport = place.transport();
    text(out, "transport", transport == null ? null : ApiJson.word(transport));
    text(out, "address", place.address());
  }

  private static void text(JsonGenerator out, String field, @Nullable String text)
      throws IOException {
    if (text != null) {
      out.writeStringField(field, text);
    }
  }
}

package io.signalbox.hub.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.signalbox.hub.diagnostics.Explanation;
import io.signalbox.hub.diagnostics.QueueSummary;
import io.signalbox.hub.diagnostics.Reason;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.recorder.RecorderEntry;
import io.signalbox.hub.wire.ApiJson;
import io.signalbox.hub.wire.JsonWritable;
import java.io.IOException;

/** JSON of flight recorder entries and explanations. */
final class DiagnosticsJson {
  private DiagnosticsJson() {}

  /** An entry: {@code ts, kind, code, text, session?, transport?, address?, command?, node}. */
  static JsonWritable note(RecorderEntry note) {
    return out -> {
      out.writeStartObject();
      out.writeNumberField("ts", note.ts());
      out.writeStringField("kind", ApiJson.word(note.kind()));
      out.writeStringField("code", note.code());
      out.writeStringField("text", note.sentence());
      connection(out, note.connection());
      ApiJson.text(out, "command", note.command());
      out.writeStringField("node", note.node());
      if (note.times() > 1) {
        out.writeNumberField("count", note.times());
        out.writeNumberField("last", note.last());
      }
      out.writeEndObject();
    };
  }

  /**
   * An explanation: {@code device, command?, state?, summary, reasons, presence, queue, recent}.
   */
  static JsonWritable explanation(Explanation why) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("device", why.device());
      Command command = why.command();
      if (command != null) {
        out.writeStringField("command", command.id());
        out.writeStringField("state", ApiJson.word(command.state()));
      }
      out.writeStringField("summary", why.summary());
      part(out, "reasons", ApiJson.array(why.reasons(), DiagnosticsJson::reason));
      part(out, "presence", ApiJson.presence(why.presence()));
      part(out, "queue", queue(why.queue()));
      part(out, "recent", ApiJson.array(why.recent(), DiagnosticsJson::note));
      out.writeEndObject();
    };
  }

  private static JsonWritable reason(Reason reason) {
    return out -> {
      out.writeStartObject();
      out.writeStringField("code", reason.code());
      out.writeStringField("text", reason.text());
      if (reason.since() != null) {
        out.writeNumberField("since", reason.since());
      }
      out.writeEndObject();
    };
  }

  private static JsonWritable queue(QueueSummary queue) {
    return out -> {
      out.writeStartObject();
      out.writeNumberField("queued", queue.queued());
      out.writeNumberField("sent", queue.sent());
      out.writeNumberField("accepted", queue.accepted());
      out.writeNumberField("maxInFlight", queue.maxInFlight());
      if (queue.oldest() != null) {
        out.writeNumberField("oldest", queue.oldest());
      }
      out.writeEndObject();
    };
  }

  private static void part(JsonGenerator out, String field, JsonWritable part) throws IOException {
    out.writeFieldName(field);
    part.write(out);
  }

  private static void connection(JsonGenerator out, RecorderEntry.ConnectionInfo connection)
      throws IOException {
    Long session = connection.session();
    ApiJson.text(out, "session", session == null ? null : session.toString());
    Transport transport = connection.transport();
    ApiJson.text(out, "transport", transport == null ? null : ApiJson.word(transport));
    ApiJson.text(out, "address", connection.address());
  }
}

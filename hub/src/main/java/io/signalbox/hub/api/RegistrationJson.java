package io.signalbox.hub.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.signalbox.hub.fleet.Registered;
import io.signalbox.hub.fleet.Registration;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.wire.ApiJson;
import io.signalbox.hub.wire.JsonPart;
import io.signalbox.hub.wire.Problems;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;

/** What became of each of many devices: {@code {"id","status","key"?,"warnings"?,"error"?}}. */
final class RegistrationJson {
  private RegistrationJson() {}

  /** {@code {"items":[…]}}. */
  static JsonPart items(List<Registration> results) {
    return out -> {
      out.writeStartObject();
      out.writeFieldName("items");
      ApiJson.array(results, RegistrationJson::item).write(out);
      out.writeEndObject();
    };
  }

  /** A line for each. */
  static Buffer lines(List<Registration> results) {
    Buffer lines = Buffer.buffer();
    for (Registration result : results) {
      lines.appendBytes(item(result).toBytes()).appendByte((byte) '\n');
    }
    return lines;
  }

  private static JsonPart item(Registration result) {
    return out -> {
      out.writeStartObject();
      switch (result) {
        case Registration.Done done -> done(out, done.registered());
        case Registration.Refused refused -> refused(out, refused.id(), refused.refusal());
      }
      out.writeEndObject();
    };
  }

  private static void done(JsonGenerator out, Registered registered) throws IOException {
    out.writeStringField("id", registered.device().id());
    out.writeNumberField("status", 201);
    out.writeStringField("key", registered.key());
    ApiJson.warnings(out, registered.warnings());
  }

  private static void refused(JsonGenerator out, String id, Refusal refusal) throws IOException {
    if (!id.isEmpty()) {
      out.writeStringField("id", id);
    }
    out.writeNumberField("status", refusal.kind().status());
    out.writeFieldName("error");
    Problems.json(refusal).write(out);
  }
}

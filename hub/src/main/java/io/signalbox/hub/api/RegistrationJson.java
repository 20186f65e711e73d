package io.signalbox.hub.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.signalbox.hub.fleet.RegisteredDevice;
import io.signalbox.hub.fleet.RegistrationResult;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.wire.ApiJson;
import io.signalbox.hub.wire.JsonWritable;
import io.signalbox.hub.wire.ProblemJson;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;

/** JSON of registration results: {@code {"id","status","key"?,"warnings"?,"error"?}}. */
final class RegistrationJson {
  private RegistrationJson() {}

  /** {@code {"items":[…]}}. */
  static JsonWritable items(List<RegistrationResult> results) {
    return out -> {
      out.writeStartObject();
      out.writeFieldName("items");
      ApiJson.array(results, RegistrationJson::item).write(out);
      out.writeEndObject();
    };
  }

  /** One line per result. */
  static Buffer lines(List<RegistrationResult> results) {
    Buffer lines = Buffer.buffer();
    for (RegistrationResult result : results) {
      lines.appendBytes(item(result).toBytes()).appendByte((byte) '\n');
    }
    return lines;
  }

  private static JsonWritable item(RegistrationResult result) {
    return out -> {
      out.writeStartObject();
      switch (result) {
        case RegistrationResult.Ok done -> done(out, done.registered());
        case RegistrationResult.Failed refused -> refused(out, refused.id(), refused.refusal());
      }
      out.writeEndObject();
    };
  }

  private static void done(JsonGenerator out, RegisteredDevice registered) throws IOException {
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
    ProblemJson.json(refusal).write(out);
  }
}

package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.signalbox.hub.model.Fault;
import io.signalbox.hub.model.Refusal;
import java.io.IOException;

/** Encoder of refusals as problem documents (RFC 9457). Stateless; safe on any thread. */
public final class ProblemJson {
  /** The media type. */
  public static final String CONTENT_TYPE = "application/problem+json";

  private static final String TYPES = "https://signalbox.io/problems/";

  private ProblemJson() {}

  /**
   * {@code {"type","title","status","detail","code","field"?,"retryAfter"?,"errors"?}}: type and
   * code are stable, title describes the error code, detail and field describe the occurrence,
   * retryAfter is the time to wait in seconds, errors has every fault of a refused document.
   */
  public static byte[] bytes(Refusal refusal) {
    return json(refusal).toBytes();
  }

  /** The problem document as a part of a larger document. */
  public static JsonWritable json(Refusal refusal) {
    return out -> {
      Refusal.ErrorCode kind = refusal.kind();
      out.writeStartObject();
      out.writeStringField("type", TYPES + kind.code());
      out.writeStringField("title", kind.title());
      out.writeNumberField("status", kind.status());
      out.writeStringField("detail", refusal.detail());
      out.writeStringField("code", kind.code());
      if (refusal.field() != null) {
        out.writeStringField("field", refusal.field());
      }
      if (refusal.retryAfter() > 0) {
        out.writeNumberField("retryAfter", refusal.retryAfter());
      }
      errors(out, refusal);
      out.writeEndObject();
    };
  }

  /** Writes the field {@code errors} with every fault of a refused document, if there are any. */
  static void errors(JsonGenerator out, Refusal refusal) throws IOException {
    if (refusal.faults().isEmpty()) {
      return;
    }
    out.writeArrayFieldStart("errors");
    for (Fault fault : refusal.faults()) {
      out.writeStartObject();
      out.writeStringField("pointer", fault.pointer());
      out.writeStringField("detail", fault.detail());
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}

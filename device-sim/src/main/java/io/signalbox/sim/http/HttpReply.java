package io.signalbox.sim.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.link.Encoding;
import io.signalbox.sim.link.RetryHints;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/** The answer to a request. */
record HttpReply(int status, MultiMap headers, Buffer body) {

  boolean isGood() {
    return status / 100 == 2 || status == 304;
  }

  /** Whether the same request may be answered with yes later. */
  boolean mayPass() {
    return status == 429 || status == 408 || status >= 500;
  }

  /** The body's document; missing if it is none. */
  JsonNode document() {
    String type = String.valueOf(headers.get("Content-Type"));
    Encoding encoding = type.startsWith("application/cbor") ? Encoding.CBOR : Encoding.JSON;
    try {
      return encoding.mapper().readTree(body.getBytes());
    } catch (IOException notADocument) {
      return encoding.mapper().missingNode();
    }
  }

  /** The stable word of a refusal. */
  String code() {
    String code = RetryHints.code(body.getBytes());
    return !code.isEmpty() ? code : status == 429 ? "too-fast" : "unavailable";
  }

  String detail() {
    return RetryHints.detail(status, body.getBytes());
  }

  /** How long the hub asks to be left alone, milliseconds. */
  long retryAfterMillis() {
    return RetryHints.retryAfter(headers.get("Retry-After")).toMillis();
  }

  /** When the hub wants to hear from the device again, milliseconds from now; 0 if unsaid. */
  long pollMillis() {
    String interval = headers.get("Poll-Interval");
    try {
      return interval == null ? retryAfterMillis() : Math.max(0, Long.parseLong(interval.strip()));
    } catch (NumberFormatException notANumber) {
      return retryAfterMillis();
    }
  }
}

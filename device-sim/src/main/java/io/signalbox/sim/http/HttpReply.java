package io.signalbox.sim.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.link.Encoding;
import io.signalbox.sim.link.RetryHints;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/** HTTP response to a device request. */
record HttpReply(int status, MultiMap headers, Buffer body) {

  boolean isGood() {
    return status / 100 == 2 || status == 304;
  }

  /** Whether a retry may succeed. */
  boolean isRetryable() {
    return status == 429 || status == 408 || status >= 500;
  }

  /** The JSON body; a missing node if it is not JSON. */
  JsonNode document() {
    String type = String.valueOf(headers.get("Content-Type"));
    Encoding encoding = type.startsWith("application/cbor") ? Encoding.CBOR : Encoding.JSON;
    try {
      return encoding.mapper().readTree(body.getBytes());
    } catch (IOException notADocument) {
      return encoding.mapper().missingNode();
    }
  }

  /** The problem code of a refusal. */
  String code() {
    String code = RetryHints.code(body.getBytes());
    return !code.isEmpty() ? code : status == 429 ? "rate-limited" : "unavailable";
  }

  String detail() {
    return RetryHints.detail(status, body.getBytes());
  }

  /** The value of {@code Retry-After}, milliseconds. */
  long retryAfterMillis() {
    return RetryHints.retryAfter(headers.get("Retry-After")).toMillis();
  }

  /** Time until the next contact planned by the hub, milliseconds; 0 if absent. */
  long pollMillis() {
    String interval = headers.get("Poll-Interval");
    try {
      return interval == null ? retryAfterMillis() : Math.max(0, Long.parseLong(interval.strip()));
    } catch (NumberFormatException notANumber) {
      return retryAfterMillis();
    }
  }
}

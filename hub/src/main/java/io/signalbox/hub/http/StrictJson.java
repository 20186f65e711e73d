package io.signalbox.hub.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.wire.Utf8Text;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * Strict parser of JSON bodies. Numbers are kept as written, so that values that are only passed on
 * (parameters, metadata, twins) stay unchanged. Stateless; safe on any thread.
 */
public final class StrictJson {
  private StrictJson() {}

  /** Loads the parser's classes at startup, so that no event loop has to. */
  public static void load() {
    parse(Buffer.buffer("{\"n\":[1,\"\"]}"));
  }

  /**
   * The value, with its numbers as written. Throws {@code MALFORMED} with line and column or the
   * byte, also for too many levels or digits.
   */
  public static Json parse(Buffer body) {
    try {
      return Json.parse(text(body));
    } catch (StreamConstraintsException tooMuch) {
      throw new Refusal(
          ErrorCode.MALFORMED,
          "JSON may have at most %d levels and %d characters per number"
              .formatted(Json.DEPTH, Json.NUMBER_LENGTH));
    } catch (JsonProcessingException malformed) {
      String position = Json.position(malformed);
      throw new Refusal(
          ErrorCode.MALFORMED,
          (position.isEmpty() ? "" : position + ": ") + malformed.getOriginalMessage());
    }
  }

  /** The unparsed text. Throws {@code MALFORMED} if it is empty or not UTF-8, with the byte. */
  public static String text(Buffer body) {
    byte[] bytes = body.getBytes();
    if (bytes.length == 0) {
      throw new Refusal(ErrorCode.MALFORMED, "the body is empty; expected JSON");
    }
    Utf8Text.requireJson(bytes, 0, bytes.length);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}

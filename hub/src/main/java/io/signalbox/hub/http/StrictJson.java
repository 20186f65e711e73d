package io.signalbox.hub.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.wire.Utf8Text;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Parses JSON from clients strictly and keeps numbers as written, so that values that are only
 * passed on (parameters, metadata, twins) stay unchanged.
 */
public final class StrictJson {
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private StrictJson() {}

  /** Loads the parser's classes at startup, so that no event loop has to. */
  public static void load() {
    parse(Buffer.buffer("{}"));
  }

  /** The tree. Throws MALFORMED with line and column, or the byte. */
  public static JsonNode parse(Buffer text) {
    byte[] bytes = text.getBytes();
    Utf8Text.requireJson(bytes, 0, bytes.length);
    try {
      JsonNode tree = STRICT.readTree(bytes);
      if (tree.isMissingNode()) {
        throw new Refusal(ErrorCode.MALFORMED, "the body is empty; expected JSON");
      }
      return tree;
    } catch (JsonProcessingException malformed) {
      throw new Refusal(ErrorCode.MALFORMED, position(malformed) + malformed.getOriginalMessage());
    } catch (IOException malformed) {
      throw new Refusal(ErrorCode.MALFORMED, "the body is not valid JSON in UTF-8");
    }
  }

  /**
   * The value, with its numbers as written. Throws {@code MALFORMED} with line and column, also for
   * too many levels or digits.
   */
  public static Json json(Buffer bytes) {
    try {
      return Json.parse(text(bytes));
    } catch (StreamConstraintsException tooMuch) {
      throw new Refusal(
          ErrorCode.MALFORMED,
          "JSON may have at most %d levels and %d characters per number"
              .formatted(Json.DEPTH, Json.NUMBER_LENGTH));
    } catch (JsonProcessingException malformed) {
      throw new Refusal(ErrorCode.MALFORMED, position(malformed) + malformed.getOriginalMessage());
    }
  }

  /** The unparsed text. Throws MALFORMED if it is empty or not UTF-8, with the byte. */
  public static String text(Buffer text) {
    byte[] bytes = text.getBytes();
    if (bytes.length == 0) {
      throw new Refusal(ErrorCode.MALFORMED, "the body is empty; expected JSON");
    }
    Utf8Text.requireJson(bytes, 0, bytes.length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String position(JsonProcessingException malformed) {
    JsonLocation at = malformed.getLocation();
    return at == null ? "" : "line %d, column %d: ".formatted(at.getLineNr(), at.getColumnNr());
  }
}

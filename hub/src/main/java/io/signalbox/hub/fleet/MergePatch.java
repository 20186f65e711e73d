package io.signalbox.hub.fleet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.signalbox.hub.model.Refusal;
import java.nio.charset.StandardCharsets;

/**
 * A merge patch (RFC 7396) on one half of a twin: parsed and checked once, then applied to the
 * state it finds. Numbers keep their digits.
 */
final class MergePatch {
  private static final int STATE_BYTES = 32 * 1024;
  private static final int DEPTH = 32;
  private static final ObjectMapper JSON = mapper();

  private final String field;
  private final ObjectNode patch;

  private MergePatch(String field, ObjectNode patch) {
    this.field = field;
    this.patch = patch;
  }

  /**
   * A patch from its text. Refuses with {@code TOO_LARGE}, {@code MALFORMED} with line and column,
   * {@code INVALID} if it is not an object or too deep.
   *
   * @param field which half, to be named in refusals
   */
  static MergePatch of(String field, String text) {
    requireSize(field, text);
    if (parsed(field, text) instanceof ObjectNode object) {
      return new MergePatch(field, object);
    }
    throw new Refusal(
        Refusal.Kind.INVALID, field, "the patch of " + field + " is not a JSON object");
  }

  /** The state afterwards, as compact text. Refuses with {@code TOO_LARGE}. */
  String appliedTo(String state) {
    String after = merged(parsed(field, state), patch).toString();
    requireSize(field, after);
    return after;
  }

  /** The algorithm of RFC 7396, section 2, in its words. */
  static JsonNode merged(JsonNode target, JsonNode patch) {
    if (!(patch instanceof ObjectNode changes)) {
      return patch;
    }
    ObjectNode result = target instanceof ObjectNode object ? object : JSON.createObjectNode();
    for (var change : changes.properties()) {
      if (change.getValue().isNull()) {
        result.remove(change.getKey());
      } else {
        JsonNode present = result.path(change.getKey());
        result.set(change.getKey(), merged(present, change.getValue()));
      }
    }
    return result;
  }

  static JsonNode parsed(String field, String text) {
    try {
      return JSON.readTree(text);
    } catch (StreamConstraintsException tooMuch) {
      throw new Refusal(Refusal.Kind.INVALID, field, field + ": " + tooMuch.getOriginalMessage());
    } catch (JsonProcessingException malformed) {
      throw new Refusal(Refusal.Kind.MALFORMED, field, field + " is not JSON" + at(malformed));
    }
  }

  private static String at(JsonProcessingException malformed) {
    JsonLocation place = malformed.getLocation();
    return place == null
        ? ""
        : " at line %d, column %d".formatted(place.getLineNr(), place.getColumnNr());
  }

  private static void requireSize(String field, String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > STATE_BYTES) {
      throw new Refusal(
          Refusal.Kind.TOO_LARGE,
          field,
          "%s has %d bytes, more than %d".formatted(field, bytes, STATE_BYTES));
    }
  }

  private static ObjectMapper mapper() {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder().maxNestingDepth(DEPTH).maxNumberLength(100).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .build();
  }
}

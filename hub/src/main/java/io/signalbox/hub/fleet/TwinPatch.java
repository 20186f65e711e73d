package io.signalbox.hub.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.MergePatch;
import io.signalbox.hub.model.Refusal;
import java.nio.charset.StandardCharsets;

/**
 * A merge patch of one half of a twin: parsed and validated once, then applied to the present
 * state. Numbers keep their notation.
 */
final class TwinPatch {
  private static final int STATE_BYTES = 32 * 1024;

  private final String side;
  private final Json.JsonObject patch;

  private TwinPatch(String side, Json.JsonObject patch) {
    this.side = side;
    this.patch = patch;
  }

  /**
   * Parses a patch. {@code TOO_LARGE}, {@code MALFORMED} with line and column, {@code INVALID} if
   * it is not an object or nested too deeply.
   *
   * @param side name of the half, for error messages
   */
  static TwinPatch of(String side, String text) {
    requireSize(side, "the patch of " + side, text);
    if (parsed(side, text) instanceof Json.JsonObject object) {
      return new TwinPatch(side, object);
    }
    throw new Refusal(
        Refusal.ErrorCode.INVALID,
        side,
        "the patch of " + side + " is invalid; expected a JSON object");
  }

  /** The resulting state. */
  Json resultFrom(String state) {
    return MergePatch.apply(parsed(side, state), patch);
  }

  /** A resulting state as compact text. {@code TOO_LARGE}. */
  String compact(Json state) {
    String text = state.toString();
    requireSize(side, "the state of " + side, text);
    return text;
  }

  private static Json parsed(String side, String text) {
    try {
      return Json.parse(text);
    } catch (StreamConstraintsException tooMuch) {
      String limits =
          "%s: expected at most %d levels and at most %d characters per number"
              .formatted(side, Json.DEPTH, Json.NUMBER_LENGTH);
      throw new Refusal(Refusal.ErrorCode.INVALID, side, limits);
    } catch (JsonProcessingException malformed) {
      String position = Json.position(malformed);
      String what =
          side
              + (position.isEmpty() ? ": " : " at " + position + ": ")
              + malformed.getOriginalMessage();
      throw new Refusal(Refusal.ErrorCode.MALFORMED, side, what);
    }
  }

  private static void requireSize(String side, String what, String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > STATE_BYTES) {
      String detail = "%s has %d bytes; expected at most %d".formatted(what, bytes, STATE_BYTES);
      throw new Refusal(Refusal.ErrorCode.TOO_LARGE, side, detail);
    }
  }
}

package io.signalbox.hub.wire;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Refusal;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Factory of refusals that name the field or the position of a decode error. */
final class DecodeErrors {
  private static final int SHOWN = 64;

  /** The spellings of non-finite numbers by C's printf. */
  private static final Pattern NOT_A_NUMBER =
      Pattern.compile("(?i)^Unrecognized token '([+-]?(?:nan|inf|infinity))'");

  private DecodeErrors() {}

  /** A refusal of the current value because of its type. */
  static Refusal expected(JsonParser in, String expected) {
    String what = "must be " + expected + "; got " + type(in.currentToken());
    return at(in, Refusal.ErrorCode.INVALID, what);
  }

  private static String type(@Nullable JsonToken token) {
    if (token == null) {
      return "no value";
    }
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      case VALUE_EMBEDDED_OBJECT -> "a byte string or a CBOR simple value";
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME -> "no value";
    };
  }

  /** A refusal of the current value; names its path, as {@code batch[3].values.temperature}. */
  static Refusal at(JsonParser in, Refusal.ErrorCode kind, String what) {
    JsonStreamContext position = in.getParsingContext();
    JsonToken token = in.currentToken();
    boolean begins = token != null && token.isStructStart() && position.getParent() != null;
    return named(path(begins ? position.getParent() : position), kind, what);
  }

  /** A refusal of a field of the object in which the parser is. */
  static Refusal below(JsonParser in, String field, Refusal.ErrorCode kind, String what) {
    String path = path(in.getParsingContext());
    return named(path.isEmpty() ? field : path + "." + field, kind, what);
  }

  private static Refusal named(String path, Refusal.ErrorCode kind, String what) {
    return path.isEmpty()
        ? new Refusal(kind, "the payload " + what)
        : new Refusal(kind, path, path + " " + what);
  }

  /** A refusal of invalid JSON or CBOR; names line and column, or the byte. */
  static Refusal unparsable(Encoding encoding, IOException thrown) {
    if (thrown instanceof StreamConstraintsException) {
      return new Refusal(Refusal.ErrorCode.TOO_LARGE, limit(thrown));
    }
    if (thrown instanceof JsonProcessingException fault) {
      String where = where(encoding, fault);
      String path =
          fault.getProcessor() instanceof JsonParser in ? path(in.getParsingContext()) : "";
      String reason = (path.isEmpty() ? "" : path + ": ") + reason(fault);
      return new Refusal(Refusal.ErrorCode.MALFORMED, path.isEmpty() ? null : path, where + reason);
    }
    return new Refusal(Refusal.ErrorCode.MALFORMED, "the payload is not valid " + encoding);
  }

  private static String limit(IOException thrown) {
    boolean deep = String.valueOf(thrown.getMessage()).contains("nesting");
    return deep
        ? "the payload is nested deeper than the limit of " + Json.DEPTH + " levels"
        : "the payload contains a number longer than %d characters or an oversized field name"
            .formatted(Json.NUMBER_LENGTH);
  }

  private static String where(Encoding encoding, JsonProcessingException fault) {
    JsonLocation at = fault.getLocation();
    if (at == null) {
      return "";
    }
    return switch (encoding) {
      case JSON -> Json.position(fault) + ": ";
      case CBOR -> "byte " + Math.max(0, at.getByteOffset()) + ": ";
    };
  }

  /** The parser's message, without its hints about the parser's configuration. */
  private static String reason(JsonProcessingException fault) {
    String words = String.valueOf(fault.getOriginalMessage());
    Matcher word = NOT_A_NUMBER.matcher(words);
    if (word.find()) {
      return word.group(1) + " is not a JSON number; omit the metric or send null";
    }
    int advice = words.indexOf(" (start marker");
    String reason = advice < 0 ? words : words.substring(0, advice);
    return reason.length() <= 200 ? reason : reason.substring(0, 200) + "…";
  }

  private static String path(JsonStreamContext position) {
    JsonStreamContext above = position.getParent();
    if (above == null) {
      return "";
    }
    String path = path(above);
    if (position.inArray()) {
      return path + "[" + position.getCurrentIndex() + "]";
    }
    String name = position.getCurrentName();
    if (name == null) {
      return path;
    }
    return path.isEmpty() ? cut(name) : path + "." + cut(name);
  }

  /** A client's text in quotes, truncated to 64 characters. */
  static String shown(String text) {
    return '"' + cut(text) + '"';
  }

  private static String cut(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}

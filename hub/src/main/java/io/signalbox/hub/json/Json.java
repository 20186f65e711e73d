package io.signalbox.hub.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Immutable JSON value. Numbers keep their spelling: {@code -0.0}, {@code 1.50} and {@code 1e400}
 * are written as they were read. {@code toString} is compact JSON with members in their original
 * order. Two values are equal if they are spelled alike; the order of members does not matter.
 */
public sealed interface Json {
  /** An object. */
  record JsonObject(Map<String, Json> members) implements Json {
    /** The value of a member; null if it is missing or null. */
    public @Nullable Json member(String name) {
      Json value = members.get(name);
      return NULL.equals(value) ? null : value;
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("{");
      members.forEach(
          (name, value) -> separated(text).append(quoted(name)).append(':').append(value));
      return text.append('}').toString();
    }
  }

  /** An array. */
  record JsonArray(List<Json> elements) implements Json {
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("[");
      elements.forEach(element -> separated(text).append(element));
      return text.append(']').toString();
    }
  }

  /** Any other value as JSON text: a number, a quoted string, true, false, null. */
  record Scalar(String text) implements Json {
    /** Whether it is a number. */
    public boolean isNumber() {
      char first = text.charAt(0);
      return first == '-' || (first >= '0' && first <= '9');
    }

    /** Whether it is a string. */
    public boolean isString() {
      return text.charAt(0) == '"';
    }

    /** The string's content; for other values their JSON text. */
    public String string() {
      return isString() ? JsonReader.unquoted(text) : text;
    }

    /** The number as an integer; null if it is something else, has a fraction or is too large. */
    public @Nullable Long integer() {
      try {
        return isNumber() ? (Long) Long.parseLong(text) : null;
      } catch (NumberFormatException fractionOrTooLarge) {
        return null;
      }
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** A short form for error messages: {@code an object}, {@code an array}, or the text. */
  static String brief(Json value) {
    return switch (value) {
      case JsonObject object -> "an object";
      case JsonArray array -> "an array";
      case Scalar scalar -> {
        String text = scalar.text();
        yield text.length() <= BRIEF ? text : text.substring(0, BRIEF) + "...";
      }
    };
  }

  /** Length at which {@link #brief} cuts a text. */
  int BRIEF = 60;

  /** The value null. */
  Scalar NULL = new Scalar("null");

  /** Maximum nesting depth. */
  int DEPTH = 32;

  /** Maximum length of a number in characters. */
  int NUMBER_LENGTH = 100;

  /** Both limits, for parsers of text that is not read into a tree. */
  StreamReadConstraints CONSTRAINTS =
      StreamReadConstraints.builder().maxNestingDepth(DEPTH).maxNumberLength(NUMBER_LENGTH).build();

  /**
   * Parses a text. Duplicate member names and lone surrogates are refused.
   *
   * @throws JsonProcessingException with the position of the error; a {@code
   *     StreamConstraintsException} if the nesting is too deep or a number too long
   */
  static Json parse(String text) throws JsonProcessingException {
    return JsonReader.read(text);
  }

  /**
   * Parses an object that the hub has written itself.
   *
   * @param what name of the text, for the message
   * @throws IllegalStateException if the text is damaged
   */
  static JsonObject stored(String what, String text) {
    try {
      return (JsonObject) parse(text);
    } catch (JsonProcessingException | ClassCastException damaged) {
      throw new IllegalStateException(what + " is not a JSON object", damaged);
    }
  }

  /**
   * Parses an object of strings that the hub has written itself, without a tree.
   *
   * @param what name of the text, for the message
   * @throws IllegalStateException if the text is damaged
   */
  static Map<String, String> storedStrings(String what, String text) {
    try {
      return JsonReader.readStrings(text);
    } catch (JsonProcessingException damaged) {
      throw new IllegalStateException(what + " is not a JSON object of strings", damaged);
    }
  }

  /** An object of strings. */
  static JsonObject of(Map<String, String> texts) {
    Map<String, Json> members = new LinkedHashMap<>();
    texts.forEach((name, text) -> members.put(name, new Scalar(quoted(text))));
    return new JsonObject(members);
  }

  /** An array of strings. */
  static JsonArray of(Collection<String> texts) {
    return new JsonArray(texts.stream().<Json>map(text -> new Scalar(quoted(text))).toList());
  }

  private static StringBuilder separated(StringBuilder text) {
    return text.length() == 1 ? text : text.append(',');
  }

  /** The string as JSON, with quotes. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, quoted);
    return quoted.append('"').toString();
  }

  /** The position of a parse error as {@code line 1, column 7}; empty if it is unknown. */
  static String position(JsonProcessingException malformed) {
    JsonLocation at = malformed.getLocation();
    return at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr();
  }
}

package io.signalbox.hub.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.List;
import java.util.Map;

/**
 * Immutable JSON value. Numbers keep their spelling: {@code -0.0}, {@code 1.50} and {@code 1e400}
 * are written as they were read. {@code toString} is compact JSON with members in their original
 * order. Two values are equal if they are spelled alike; the order of members does not matter.
 */
public sealed interface Json {
  /** An object. */
  record JsonObject(Map<String, Json> members) implements Json {
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

    @Override
    public String toString() {
      return text;
    }
  }

  /** The value null. */
  Scalar NULL = new Scalar("null");

  /** Maximum nesting depth. */
  int DEPTH = 32;

  /** Maximum length of a number in characters. */
  int NUMBER_LENGTH = 100;

  /**
   * Parses a text. Duplicate member names are refused.
   *
   * @throws JsonProcessingException with the position of the error; a {@code
   *     StreamConstraintsException} if the nesting is too deep or a number too long
   */
  static Json parse(String text) throws JsonProcessingException {
    return JsonReader.read(text);
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
}

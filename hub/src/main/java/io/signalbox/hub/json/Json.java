package io.signalbox.hub.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.List;
import java.util.Map;

/**
 * A JSON value. Numbers are the text that they were written as: {@code -0.0}, {@code 1.50} and
 * {@code 1e400} come out as they went in. {@code toString} is compact JSON, members in the order in
 * which they came; two values are equal if they are written alike, whatever the order of members.
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

  /** Anything else, as JSON text: a number, a string with its quotes, true, false, null. */
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

    /** What the string says; of anything else its text. */
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

  /** Deepest nesting. */
  int DEPTH = 32;

  /** Most characters of a number. */
  int NUMBER_LENGTH = 100;

  /**
   * The value that the text is. A name may stand only once in an object.
   *
   * @throws JsonProcessingException with the place of what is wrong; a {@code
   *     StreamConstraintsException} if it is nested too deeply or has too long a number
   */
  static Json parse(String text) throws JsonProcessingException {
    return JsonReader.read(text);
  }

  private static StringBuilder separated(StringBuilder text) {
    return text.length() == 1 ? text : text.append(',');
  }

  /** A string as JSON, with its quotes. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, quoted);
    return quoted.append('"').toString();
  }
}

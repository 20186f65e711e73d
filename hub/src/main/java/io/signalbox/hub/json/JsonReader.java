package io.signalbox.hub.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.signalbox.hub.text.Utf8Length;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parser of {@link Json} values that never converts numbers. It keeps no table of names, which
 * clients could fill.
 */
final class JsonReader {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(Json.CONSTRAINTS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  private JsonReader() {}

  static Json read(String text) throws JsonProcessingException {
    try (JsonParser in = FACTORY.createParser(text)) {
      in.nextToken();
      Json value = value(in);
      if (in.nextToken() != null) {
        throw fault(in, "unexpected data after the JSON value");
      }
      return value;
    } catch (JsonProcessingException invalid) {
      throw invalid;
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** Reads an object of strings, without a tree. */
  static Map<String, String> readStrings(String text) throws JsonProcessingException {
    try (JsonParser in = FACTORY.createParser(text)) {
      Map<String, String> texts = new LinkedHashMap<>();
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw fault(in, "expected an object of strings");
      }
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        if (in.nextToken() != JsonToken.VALUE_STRING) {
          throw fault(in, "expected a string");
        }
        texts.put(name, in.getText());
      }
      return texts;
    } catch (JsonProcessingException invalid) {
      throw invalid;
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** The content of a quoted string. */
  static String unquoted(String text) {
    if (text.indexOf('\\') < 0) {
      return text.substring(1, text.length() - 1);
    }
    try (JsonParser in = FACTORY.createParser(text)) {
      in.nextToken();
      return in.getText();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static Json value(JsonParser in) throws IOException {
    JsonToken token = in.currentToken();
    if (token == null) {
      throw fault(in, "the text is empty; expected a JSON value");
    }
    return switch (token) {
      case START_OBJECT -> members(in);
      case START_ARRAY -> elements(in);
      case VALUE_STRING -> new Json.Scalar(Json.quoted(whole(in, in.getText())));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.Scalar(number(in));
      case VALUE_TRUE -> new Json.Scalar("true");
      case VALUE_FALSE -> new Json.Scalar("false");
      case VALUE_NULL -> Json.NULL;
      case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw fault(in, "expected a JSON value");
    };
  }

  private static Json members(JsonParser in) throws IOException {
    Map<String, Json> members = new LinkedHashMap<>();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = whole(in, in.currentName());
      in.nextToken();
      members.put(name, value(in));
    }
    return new Json.JsonObject(members);
  }

  private static Json elements(JsonParser in) throws IOException {
    List<Json> elements = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      elements.add(value(in));
    }
    return new Json.JsonArray(elements);
  }

  private static String number(JsonParser in) throws IOException {
    String text = in.getText();
    if (text.length() > Json.NUMBER_LENGTH) {
      throw new StreamConstraintsException(
          "a number exceeds the limit of " + Json.NUMBER_LENGTH + " characters");
    }
    return text;
  }

  /** Refuses lone surrogates, which have no UTF-8 form and could not be stored. */
  private static String whole(JsonParser in, String text) throws IOException {
    if (Utf8Length.utf8Length(text) == Utf8Length.BROKEN) {
      throw fault(in, "a string contains a lone surrogate (half a UTF-16 pair)");
    }
    return text;
  }

  private static JsonParseException fault(JsonParser in, String what) {
    return new JsonParseException(in, what, in.currentTokenLocation());
  }
}

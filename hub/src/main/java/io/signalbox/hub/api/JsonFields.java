package io.signalbox.hub.api;

import io.signalbox.hub.http.InstantParser;
import io.signalbox.hub.json.Json;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a JSON object from a client. Errors name the path of the field. */
final class JsonFields {
  private final Json.JsonObject object;
  private final String path;

  private JsonFields(Json.JsonObject object, String path) {
    this.object = object;
    this.path = path;
  }

  /** Throws INVALID unless the value is an object with only these fields. */
  static JsonFields of(Json tree, String... known) {
    return at("", tree, known);
  }

  /** An object without fields. */
  static JsonFields none() {
    return new JsonFields(new Json.JsonObject(Map.of()), "");
  }

  /** The same for a nested object at a path. */
  static JsonFields at(String path, Json tree, String... known) {
    if (!(tree instanceof Json.JsonObject object)) {
      String what = path.isEmpty() ? "the body" : path;
      throw new Refusal(
          ErrorCode.INVALID, path.isEmpty() ? null : path, what + " must be an object");
    }
    JsonFields fields = new JsonFields(object, path.isEmpty() ? "" : path + ".");
    Set<String> allowed = Set.of(known);
    for (String name : object.members().keySet()) {
      if (!allowed.contains(name)) {
        throw fields.invalid(name, "is unknown; expected " + String.join(", ", known));
      }
    }
    return fields;
  }

  boolean has(String name) {
    return object.members().containsKey(name);
  }

  /** Whether the field is present and null. */
  boolean isNull(String name) {
    return Json.NULL.equals(object.members().get(name));
  }

  /** A string; null if it is missing or null. */
  @Nullable String text(String name) {
    Json value = value(name);
    return value == null ? null : string(name, value);
  }

  /** A required string. */
  String requireText(String name) {
    String text = text(name);
    if (text == null) {
      throw invalid(name, "is missing; expected a string");
    }
    return text;
  }

  private String string(String name, Json value) {
    if (value instanceof Json.Scalar scalar && scalar.isString()) {
      return scalar.string();
    }
    throw invalid(name, "must be a string");
  }

  /** An integer within bounds; {@code otherwise} if it is missing or null. */
  long integer(String name, long min, long max, long otherwise) {
    Json value = value(name);
    if (value == null) {
      return otherwise;
    }
    try {
      return within(name, Long.parseLong(number(name, value)), min, max);
    } catch (NumberFormatException fractionOrTooLarge) {
      throw invalid(name, "must be a whole number");
    }
  }

  private long within(String name, long number, long min, long max) {
    if (number < min || number > max) {
      throw invalid(name, "must be from " + min + " to " + max);
    }
    return number;
  }

  private String number(String name, Json value) {
    if (value instanceof Json.Scalar scalar && scalar.isNumber()) {
      return scalar.text();
    }
    throw invalid(name, "must be a number");
  }

  /** A number; null if it is missing or null. */
  @Nullable Double number(String name) {
    Json value = value(name);
    return value == null ? null : (Double) Double.parseDouble(number(name, value));
  }

  /** A nested object; null if it is missing or null. */
  @Nullable JsonFields object(String name, String... known) {
    Json value = value(name);
    return value == null ? null : at(path + name, value, known);
  }

  /** Unix milliseconds, from a number or ISO 8601; null if it is missing or null. */
  @Nullable Long instant(String name) {
    Json value = value(name);
    if (value == null) {
      return null;
    }
    return value instanceof Json.Scalar scalar && scalar.isString()
        ? (Long) InstantParser.parse(path + name, scalar.string())
        : (Long) InstantParser.millis(path + name, integer(name, 0, Long.MAX_VALUE, 0));
  }

  boolean requireFlag(String name) {
    return switch (String.valueOf(value(name))) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid(name, "must be true or false");
    };
  }

  /** An object of strings; empty if it is missing or null. */
  Map<String, String> stringMap(String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, Json> entry : entries(name)) {
      texts.put(entry.getKey(), entryText(name, entry));
    }
    return texts;
  }

  /** The entries of an object; empty if it is missing or null. */
  Set<Map.Entry<String, Json>> entries(String name) {
    Json value = value(name);
    if (value == null) {
      return Set.of();
    }
    if (value instanceof Json.JsonObject entries) {
      return entries.members().entrySet();
    }
    throw invalid(name, "must be an object of strings");
  }

  /** The string value of an object's entry. */
  String entryText(String name, Map.Entry<String, Json> entry) {
    return string(name + "." + entry.getKey(), entry.getValue());
  }

  /** A required array of strings. */
  List<String> requireTexts(String name) {
    if (!(value(name) instanceof Json.JsonArray array)) {
      throw invalid(name, "must be an array of strings");
    }
    List<String> texts = new ArrayList<>();
    for (Json item : array.elements()) {
      texts.add(string(name + "[" + texts.size() + "]", item));
    }
    return texts;
  }

  /** The raw value; null if it is missing or null. */
  @Nullable Json value(String name) {
    return object.member(name);
  }

  Refusal invalid(String name, String what) {
    return new Refusal(ErrorCode.INVALID, path + name, path + name + " " + what);
  }
}

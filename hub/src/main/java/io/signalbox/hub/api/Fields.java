package io.signalbox.hub.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.signalbox.hub.http.Moment;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A JSON object that a client sent, read field by field. Every fault is refused by its path. */
final class Fields {
  private final JsonNode object;
  private final String path;

  private Fields(JsonNode object, String path) {
    this.object = object;
    this.path = path;
  }

  /** Refuses what is not an object, and fields other than these. */
  static Fields of(JsonNode tree, String... known) {
    return at("", tree, known);
  }

  /** An object without any field. */
  static Fields none() {
    return of(JsonNodeFactory.instance.objectNode());
  }

  /** The same for an object inside something, whose path comes before the fields' names. */
  static Fields at(String path, JsonNode tree, String... known) {
    if (!tree.isObject()) {
      String what = path.isEmpty() ? "the body" : path;
      throw new Refusal(Kind.INVALID, path.isEmpty() ? null : path, what + " must be an object");
    }
    Fields fields = new Fields(tree, path.isEmpty() ? "" : path + ".");
    Set<String> allowed = Set.of(known);
    for (Map.Entry<String, JsonNode> field : tree.properties()) {
      if (!allowed.contains(field.getKey())) {
        throw fields.invalid(field.getKey(), "is not known here");
      }
    }
    return fields;
  }

  boolean has(String name) {
    return object.has(name);
  }

  /** Whether the field is there and says null. */
  boolean isNull(String name) {
    return object.has(name) && object.path(name).isNull();
  }

  /** A string; null when it is missing or null. */
  @Nullable String text(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      throw invalid(name, "must be a string");
    }
    return value.textValue();
  }

  /** A string that must be there. */
  String needText(String name) {
    String text = text(name);
    if (text == null) {
      throw invalid(name, "is missing");
    }
    return text;
  }

  @Nullable Boolean flag(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isBoolean()) {
      throw invalid(name, "must be true or false");
    }
    return value.booleanValue();
  }

  /** A whole number within bounds; {@code otherwise} when it is missing or null. */
  long whole(String name, long min, long max, long otherwise) {
    JsonNode value = value(name);
    if (value == null) {
      return otherwise;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw invalid(name, "must be a whole number");
    }
    if (value.longValue() < min || value.longValue() > max) {
      throw invalid(name, "must be from " + min + " to " + max);
    }
    return value.longValue();
  }

  /** Any number; null when it is missing or null. */
  @Nullable Double number(String name) {
    JsonNode value = value(name);
    if (value != null && !value.isNumber()) {
      throw invalid(name, "must be a number");
    }
    return value == null ? null : (Double) value.doubleValue();
  }

  /** An object inside this one; null when it is missing or null. */
  @Nullable Fields object(String name, String... known) {
    JsonNode value = value(name);
    return value == null ? null : at(path + name, value, known);
  }

  /** Unix milliseconds, of a number or of ISO 8601; null when it is missing or null. */
  @Nullable Long instant(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (value.isTextual()) {
      return Moment.parse(path + name, value.textValue());
    }
    return whole(name, 0, Long.MAX_VALUE, 0);
  }

  boolean needFlag(String name) {
    JsonNode value = value(name);
    if (value == null || !value.isBoolean()) {
      throw invalid(name, "must be true or false");
    }
    return value.booleanValue();
  }

  /** An object of strings; empty when it is missing or null. */
  Map<String, String> texts(String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : entries(name)) {
      texts.put(entry.getKey(), entryText(name, entry));
    }
    return texts;
  }

  /** The fields of an object; none when it is missing or null. */
  Set<Map.Entry<String, JsonNode>> entries(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return Set.of();
    }
    if (!value.isObject()) {
      throw invalid(name, "must be an object of strings");
    }
    return value.properties();
  }

  /** The string that an entry of an object is. */
  String entryText(String name, Map.Entry<String, JsonNode> entry) {
    if (!entry.getValue().isTextual()) {
      throw invalid(name + "." + entry.getKey(), "must be a string");
    }
    return entry.getValue().textValue();
  }

  /** An array of strings that must be there. */
  List<String> needTexts(String name) {
    JsonNode value = value(name);
    if (value == null || !value.isArray()) {
      throw invalid(name, "must be an array of strings");
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode item : value) {
      if (!item.isTextual()) {
        throw invalid(name + "[" + texts.size() + "]", "must be a string");
      }
      texts.add(item.textValue());
    }
    return texts;
  }

  /** Whatever stands there; null when it is missing or null. */
  @Nullable JsonNode value(String name) {
    JsonNode value = object.get(name);
    return value == null || value.isNull() ? null : value;
  }

  Refusal invalid(String name, String what) {
    return new Refusal(Kind.INVALID, path + name, path + name + " " + what);
  }
}

package io.signalbox.types.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts data schemas of a Thing to JSON Schema 2020-12, of which they are nearly a subset. */
final class ThingSchema {
  /** Keywords that mean the same in both. */
  private static final List<String> SAME =
      List.of(
          "type",
          "const",
          "default",
          "enum",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "minLength",
          "maxLength",
          "pattern",
          "format",
          "contentEncoding",
          "contentMediaType",
          "minItems",
          "maxItems",
          "required",
          "readOnly",
          "writeOnly");

  private final ThingReferences references;

  ThingSchema(ThingReferences references) {
    this.references = references;
  }

  /** The schema, without title and description; the caller closes the source. */
  ObjectNode convert(ModelObject source) {
    ObjectNode schema = TypeBuilder.NODES.objectNode();
    for (String keyword : SAME) {
      if (source.has(keyword)) {
        schema.set(keyword, source.take(keyword));
      }
    }
    MetricWriter.putUnit(schema, source);
    putProperties(schema, source);
    putItems(schema, source);
    if (source.peek("oneOf").isArray()) {
      schema.set("oneOf", list(source, "oneOf"));
    }
    return schema;
  }

  private void putProperties(ObjectNode schema, ModelObject source) {
    if (!source.peek("properties").isObject()) {
      return;
    }
    ObjectNode properties = schema.putObject("properties");
    String pointer = source.pointer("properties");
    for (Map.Entry<String, JsonNode> entry : source.entries("properties")) {
      String place = JsonPointers.child(pointer, entry.getKey());
      properties.set(entry.getKey(), nested(source, place, entry.getValue()));
    }
  }

  private void putItems(ObjectNode schema, ModelObject source) {
    if (source.peek("items").isArray()) {
      schema.set("prefixItems", list(source, "items"));
    } else if (source.peek("items").isObject()) {
      schema.set("items", nested(source, source.pointer("items"), source.take("items")));
    }
  }

  private ArrayNode list(ModelObject source, String name) {
    ArrayNode schemas = TypeBuilder.NODES.arrayNode();
    int index = 0;
    source.ignore(name);
    for (JsonNode each : source.peek(name)) {
      String place = JsonPointers.child(source.pointer(name), index++);
      schemas.add(nested(source, place, each));
    }
    return schemas;
  }

  private ObjectNode nested(ModelObject parent, String pointer, @Nullable JsonNode value) {
    try (ModelObject source = references.resolved(parent.nested(pointer, value))) {
      ObjectNode schema = TypeBuilder.NODES.objectNode();
      for (String text : List.of("title", "description")) {
        TypeBuilder.putText(schema, text, source.text(text));
      }
      return schema.setAll(convert(source));
    }
  }

  /** Labels of an enumeration, by value; empty if the schema is not one. */
  static Map<String, String> labels(ModelObject schema) {
    Map<String, String> labels = new LinkedHashMap<>();
    if (schema.peek("enum").isArray()) {
      schema.ignore("enum");
      schema.peek("enum").forEach(value -> putLabel(labels, value, value));
    } else if (isChoice(schema.peek("oneOf"))) {
      schema.ignore("oneOf");
      schema.peek("oneOf").forEach(one -> putLabel(labels, one.path("const"), one.path("title")));
    }
    return labels;
  }

  private static void putLabel(Map<String, String> labels, JsonNode value, JsonNode label) {
    String key = MetricWriter.key(value);
    labels.put(key, label.isMissingNode() ? key : MetricWriter.key(label));
  }

  /** Whether each alternative is a constant with nothing but a title. */
  private static boolean isChoice(JsonNode alternatives) {
    if (!alternatives.isArray() || alternatives.isEmpty()) {
      return false;
    }
    for (JsonNode one : alternatives) {
      boolean isLabelled =
          one.has("const") && one.size() == (one.path("title").isTextual() ? 2 : 1);
      if (!isLabelled) {
        return false;
      }
    }
    return true;
  }
}

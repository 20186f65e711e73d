package io.signalbox.hub.schema;

import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.Json.JsonArray;
import io.signalbox.hub.json.Json.JsonObject;
import io.signalbox.hub.json.Json.Scalar;
import io.signalbox.hub.schema.SchemaKeywords.Kind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reduces a checked schema to what the library evaluates. It takes anything inside of a schema for
 * a schema, also the values of {@code const}, {@code enum}, {@code default} and of unknown
 * keywords: those are left out, or replaced by a string with their JSON text.
 */
final class SchemaText {
  private SchemaText() {}

  /** The reduced form of a schema that {@link SchemaChecker} has accepted. */
  static Json reduced(Json schema) {
    if (!(schema instanceof JsonObject object)) {
      return schema;
    }
    Map<String, Json> members = new LinkedHashMap<>();
    object
        .members()
        .forEach(
            (keyword, value) -> {
              Kind kind = SchemaKeywords.kind(keyword);
              if (keyword.equals("const") || keyword.equals("enum")) {
                members.put(keyword, new Scalar(Json.quoted(value.toString())));
              } else if (keyword.equals("$ref") && value instanceof Scalar reference) {
                members.put(keyword, new Scalar(Json.quoted(normalized(reference.string()))));
              } else if (kind != null && isEvaluated(keyword)) {
                members.put(keyword, reduced(kind, value));
              }
            });
    return new JsonObject(members);
  }

  private static boolean isEvaluated(String keyword) {
    return switch (keyword) {
      case "$schema", "$comment", "title", "description", "format", "examples" -> false;
      case "deprecated", "readOnly", "writeOnly" -> false;
      case "contentEncoding", "contentMediaType" -> false;
      default -> true;
    };
  }

  private static Json reduced(Kind kind, Json value) {
    return switch (kind) {
      case SCHEMA -> reduced(value);
      case SCHEMAS -> value instanceof JsonArray array ? schemas(array) : value;
      case SCHEMA_BY_NAME -> value instanceof JsonObject object ? schemas(object) : value;
      case NUMBER, COUNT, FLAG, TEXT, TEXTS, TEXTS_BY_NAME, TYPE, VALUES -> value;
    };
  }

  private static Json schemas(JsonArray array) {
    List<Json> schemas = new ArrayList<>();
    array.elements().forEach(schema -> schemas.add(reduced(schema)));
    return new JsonArray(schemas);
  }

  private static Json schemas(JsonObject object) {
    Map<String, Json> schemas = new LinkedHashMap<>();
    object.members().forEach((name, schema) -> schemas.put(name, reduced(schema)));
    return new JsonObject(schemas);
  }

  /** The same reference in the form in which the library decodes it exactly. */
  private static String normalized(String reference) {
    String target = String.valueOf(SchemaReferences.target(reference));
    String encoded = URLEncoder.encode(target, StandardCharsets.UTF_8);
    return "#" + encoded.replace("+", "%20").replace("%2F", "/");
  }
}

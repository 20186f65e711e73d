package io.signalbox.hub.schema;

import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.Json.JsonArray;
import io.signalbox.hub.json.Json.JsonObject;
import io.signalbox.hub.json.Json.Scalar;
import io.signalbox.hub.json.JsonPointer;
import io.signalbox.hub.model.Fault;
import io.signalbox.hub.schema.SchemaKeywords.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Check of a schema before it is compiled: kinds of keyword values, limits, patterns, and
 * references. Collects every fault, up to a limit. One instance checks one schema, on one thread.
 */
final class SchemaChecker {
  /** Limit of a schema, in characters of compact JSON. */
  static final int MAX_LENGTH = 32 * 1024;

  private static final int MAX_DEPTH = 24;
  private static final int MAX_SUBSCHEMAS = 1_000;
  private static final int MAX_ENUM = 500;

  private final List<Fault> faults = new ArrayList<>();
  private final Map<String, Json> subschemas = new LinkedHashMap<>();
  private int schemas;

  /** The faults of a schema; empty if it can be compiled. */
  static List<Fault> faults(Json schema) {
    int length = schema.toString().length();
    if (length > MAX_LENGTH) {
      return List.of(
          new Fault(
              "", "must have at most %d characters as JSON, has %d".formatted(MAX_LENGTH, length)));
    }
    SchemaChecker checker = new SchemaChecker();
    checker.checkSchema("", schema, 1);
    if (checker.faults.isEmpty()) {
      checker.faults.addAll(new SchemaReferences(checker.subschemas).faults());
    }
    return Fault.reported(checker.faults);
  }

  private void checkSchema(String at, Json schema, int depth) {
    schemas++;
    if (schemas > MAX_SUBSCHEMAS || faults.size() >= Fault.MAX_REPORTED) {
      if (schemas == MAX_SUBSCHEMAS + 1) {
        fault(at, "exceeds the limit of " + MAX_SUBSCHEMAS + " schemas");
      }
      return;
    }
    if (depth > MAX_DEPTH) {
      fault(at, "is nested too deeply; expected at most " + MAX_DEPTH + " levels of schemas");
      return;
    }
    subschemas.put(at, schema);
    if (schema instanceof JsonObject object) {
      object
          .members()
          .forEach((name, value) -> checkKeyword(JsonPointer.child(at, name), name, value, depth));
    } else if (!isFlag(schema)) {
      expected(at, Kind.SCHEMA, schema);
    }
  }

  private void checkKeyword(String at, String name, Json value, int depth) {
    if (at.equals("/$id")) {
      require(isText(value), at, Kind.TEXT, value); // the name of the whole document is ignored
      return;
    }
    if (SchemaKeywords.UNSUPPORTED.contains(name)) {
      fault(
          at, "is not supported; expected $ref with a place in the same schema, such as #/$defs/x");
      return;
    }
    Kind kind = SchemaKeywords.kind(name);
    if (kind == null) {
      return;
    }
    switch (kind) {
      case SCHEMA -> checkSchema(at, value, depth + 1);
      case SCHEMAS -> checkSchemas(at, value, depth);
      case SCHEMA_BY_NAME -> checkSchemaByName(at, name, value, depth);
      case TEXTS -> checkTexts(at, kind, value);
      case TEXTS_BY_NAME -> checkTextsByName(at, value);
      case NUMBER -> checkNumber(at, name, value);
      case TEXT -> checkText(at, name, value);
      case VALUES -> checkValues(at, name, value);
      case COUNT -> require(isCount(value), at, kind, value);
      case FLAG -> require(isFlag(value), at, kind, value);
      case TYPE -> require(isType(value), at, kind, value);
    }
  }

  private void checkSchemas(String at, Json value, int depth) {
    if (!(value instanceof JsonArray array) || array.elements().isEmpty()) {
      expected(at, Kind.SCHEMAS, value);
      return;
    }
    for (int i = 0; i < array.elements().size(); i++) {
      checkSchema(JsonPointer.child(at, i), array.elements().get(i), depth + 1);
    }
  }

  private void checkSchemaByName(String at, String keyword, Json value, int depth) {
    if (!(value instanceof JsonObject object)) {
      expected(at, Kind.SCHEMA_BY_NAME, value);
      return;
    }
    if (keyword.equals("patternProperties") && at.indexOf('#') >= 0) {
      fault(at, "is not supported below a name that contains #");
      return;
    }
    object
        .members()
        .forEach(
            (name, schema) -> {
              String place = JsonPointer.child(at, name);
              if (keyword.equals("patternProperties")) {
                checkPropertyPattern(place, name);
              }
              checkSchema(place, schema, depth + 1);
            });
  }

  private void checkTexts(String at, Kind kind, Json value) {
    Set<String> different = new HashSet<>();
    boolean fits =
        value instanceof JsonArray array
            && array.elements().stream().allMatch(SchemaChecker::isText)
            && array.elements().stream().allMatch(text -> different.add(text.toString()));
    require(fits, at, kind, value);
  }

  private void checkTextsByName(String at, Json value) {
    if (!(value instanceof JsonObject object)) {
      expected(at, Kind.TEXTS_BY_NAME, value);
      return;
    }
    object
        .members()
        .forEach((name, texts) -> checkTexts(JsonPointer.child(at, name), Kind.TEXTS, texts));
  }

  private void checkNumber(String at, String name, Json value) {
    if (!(value instanceof Scalar scalar && scalar.isNumber())) {
      expected(at, Kind.NUMBER, value);
    } else if (!ExactNumber.isSupported(scalar.text())) {
      fault(at, "must be " + ExactNumber.RANGE + ", is " + Json.brief(value));
    } else if (name.equals("multipleOf") && ExactNumber.of(scalar.text()).signum() <= 0) {
      fault(at, "must be a number above 0, is " + Json.brief(value));
    }
  }

  private void checkText(String at, String name, Json value) {
    if (!isText(value)) {
      expected(at, Kind.TEXT, value);
      return;
    }
    String text = ((Scalar) value).string();
    switch (name) {
      case "pattern" -> checkPattern(at, text);
      case "$schema" -> {
        if (!text.equals(SchemaKeywords.DIALECT)) {
          fault(at, "must be " + SchemaKeywords.DIALECT + ", is " + Json.brief(value));
        }
      }
      default -> {}
    }
  }

  private void checkPropertyPattern(String at, String expression) {
    if (expression.indexOf('#') >= 0) {
      fault(at, "must not contain #; write \\x23");
    } else {
      checkPattern(at, expression);
    }
  }

  private void checkPattern(String at, String expression) {
    try {
      LinearPattern.compile(expression);
    } catch (IllegalArgumentException invalid) {
      fault(at, String.valueOf(invalid.getMessage()));
    }
  }

  private void checkValues(String at, String name, Json value) {
    if (!(value instanceof JsonArray array)) {
      expected(at, Kind.VALUES, value);
    } else if (name.equals("enum") && array.elements().isEmpty()) {
      fault(at, "must have at least one value, is empty");
    } else if (name.equals("enum") && array.elements().size() > MAX_ENUM) {
      fault(at, "must have at most %d values, has %d".formatted(MAX_ENUM, array.elements().size()));
    }
  }

  private static boolean isCount(Json value) {
    return value instanceof Scalar scalar
        && scalar.isNumber()
        && ExactNumber.isSupported(scalar.text())
        && ExactNumber.isCount(ExactNumber.of(scalar.text()));
  }

  private static boolean isFlag(Json value) {
    return value.toString().equals("true") || value.toString().equals("false");
  }

  private static boolean isText(Json value) {
    return value instanceof Scalar scalar && scalar.isString();
  }

  private static boolean isType(Json value) {
    if (value instanceof JsonArray array) {
      List<Json> names = array.elements();
      return !names.isEmpty()
          && names.stream().allMatch(SchemaChecker::isTypeName)
          && new HashSet<>(names).size() == names.size();
    }
    return isTypeName(value);
  }

  private static boolean isTypeName(Json value) {
    return value instanceof Scalar scalar
        && scalar.isString()
        && SchemaKeywords.TYPES.contains(scalar.string());
  }

  private void require(boolean fits, String at, Kind kind, Json value) {
    if (!fits) {
      expected(at, kind, value);
    }
  }

  private void expected(String at, Kind kind, Json value) {
    fault(at, "must be " + kind.expected() + ", is " + Json.brief(value));
  }

  private void fault(String at, String detail) {
    faults.add(new Fault(at, detail));
  }
}

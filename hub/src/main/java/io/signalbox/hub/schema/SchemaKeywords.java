package io.signalbox.hub.schema;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keywords of JSON Schema 2020-12, and the kind of value that each requires. */
final class SchemaKeywords {
  /** The kind of value of a keyword. */
  enum Kind {
    SCHEMA("a schema: an object, true or false"),
    SCHEMAS("an array of at least one schema"),
    SCHEMA_BY_NAME("an object of schemas"),
    NUMBER("a number"),
    COUNT("a whole number from 0 to 2147483647"),
    FLAG("true or false"),
    TEXT("a string"),
    TEXTS("an array of different strings"),
    TEXTS_BY_NAME("an object of arrays of different strings"),
    TYPE("one or several of " + String.join(", ", SchemaKeywords.TYPES)),
    VALUES("an array");

    private final String expected;

    Kind(String expected) {
      this.expected = expected;
    }

    /** The expected value, for error messages. */
    String expected() {
      return expected;
    }
  }

  /** Names of the keyword {@code type}. */
  static final List<String> TYPES =
      List.of("null", "boolean", "object", "array", "number", "integer", "string");

  /** Keywords whose schemas are applied to the same value as the schema that contains them. */
  static final Set<String> IN_PLACE =
      Set.of("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas");

  /** Keywords that would let a schema refer to something outside of itself. */
  static final Set<String> UNSUPPORTED =
      Set.of(
          "$id",
          "$anchor",
          "$dynamicRef",
          "$dynamicAnchor",
          "$recursiveRef",
          "$recursiveAnchor",
          "$vocabulary");

  /** The only accepted value of {@code $schema}. */
  static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          entry("$ref", Kind.TEXT),
          entry("$schema", Kind.TEXT),
          entry("$comment", Kind.TEXT),
          entry("$defs", Kind.SCHEMA_BY_NAME),
          entry("definitions", Kind.SCHEMA_BY_NAME),
          entry("type", Kind.TYPE),
          entry("enum", Kind.VALUES),
          entry("multipleOf", Kind.NUMBER),
          entry("maximum", Kind.NUMBER),
          entry("exclusiveMaximum", Kind.NUMBER),
          entry("minimum", Kind.NUMBER),
          entry("exclusiveMinimum", Kind.NUMBER),
          entry("maxLength", Kind.COUNT),
          entry("minLength", Kind.COUNT),
          entry("pattern", Kind.TEXT),
          entry("maxItems", Kind.COUNT),
          entry("minItems", Kind.COUNT),
          entry("uniqueItems", Kind.FLAG),
          entry("maxContains", Kind.COUNT),
          entry("minContains", Kind.COUNT),
          entry("maxProperties", Kind.COUNT),
          entry("minProperties", Kind.COUNT),
          entry("required", Kind.TEXTS),
          entry("dependentRequired", Kind.TEXTS_BY_NAME),
          entry("allOf", Kind.SCHEMAS),
          entry("anyOf", Kind.SCHEMAS),
          entry("oneOf", Kind.SCHEMAS),
          entry("not", Kind.SCHEMA),
          entry("if", Kind.SCHEMA),
          entry("then", Kind.SCHEMA),
          entry("else", Kind.SCHEMA),
          entry("dependentSchemas", Kind.SCHEMA_BY_NAME),
          entry("prefixItems", Kind.SCHEMAS),
          entry("items", Kind.SCHEMA),
          entry("contains", Kind.SCHEMA),
          entry("properties", Kind.SCHEMA_BY_NAME),
          entry("patternProperties", Kind.SCHEMA_BY_NAME),
          entry("additionalProperties", Kind.SCHEMA),
          entry("propertyNames", Kind.SCHEMA),
          entry("unevaluatedItems", Kind.SCHEMA),
          entry("unevaluatedProperties", Kind.SCHEMA),
          entry("contentSchema", Kind.SCHEMA),
          entry("contentEncoding", Kind.TEXT),
          entry("contentMediaType", Kind.TEXT),
          entry("format", Kind.TEXT),
          entry("title", Kind.TEXT),
          entry("description", Kind.TEXT),
          entry("deprecated", Kind.FLAG),
          entry("readOnly", Kind.FLAG),
          entry("writeOnly", Kind.FLAG),
          entry("examples", Kind.VALUES));

  private SchemaKeywords() {}

  /** The kind of value of a keyword; null if any value is allowed or the keyword is unknown. */
  static @Nullable Kind kind(String keyword) {
    return KINDS.get(keyword);
  }
}

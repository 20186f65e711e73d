package io.signalbox.hub.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.json.Json;
import io.signalbox.hub.json.Json.JsonArray;
import io.signalbox.hub.json.Json.JsonObject;
import io.signalbox.hub.json.Json.Scalar;
import io.signalbox.hub.json.JsonPointer;
import io.signalbox.hub.model.Fault;
import io.signalbox.hub.model.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random schemas, mostly sound and sometimes hostile, and random values: compiling ends in a schema
 * or a refusal with faults, validating in a list of faults whose pointers lead into the value.
 * Nothing is thrown. A seed names a failure.
 */
class JsonSchemaFuzzTest {
  private static final int SCHEMAS = 400;
  private static final int VALUES = 8;

  private static final List<String> NAMES =
      List.of("a", "b", "a/b", "~", "$ref", "type", "#", "%41", "a+b", "é", "$id", "const", "");

  private static final List<String> KEYWORDS =
      List.of(
          "type",
          "enum",
          "const",
          "multipleOf",
          "maximum",
          "exclusiveMaximum",
          "minimum",
          "exclusiveMinimum",
          "maxLength",
          "minLength",
          "pattern",
          "maxItems",
          "minItems",
          "uniqueItems",
          "maxContains",
          "minContains",
          "maxProperties",
          "minProperties",
          "required",
          "dependentRequired",
          "allOf",
          "anyOf",
          "oneOf",
          "not",
          "if",
          "then",
          "else",
          "dependentSchemas",
          "prefixItems",
          "items",
          "contains",
          "properties",
          "patternProperties",
          "additionalProperties",
          "propertyNames",
          "unevaluatedItems",
          "unevaluatedProperties",
          "$defs",
          "$ref",
          "$comment",
          "$id",
          "$anchor",
          "$schema",
          "title",
          "default",
          "examples",
          "format",
          "contentSchema",
          "unit",
          "definitions");

  private static final List<String> PATTERNS =
      List.of("^a", "(a+)+$", "\\d", "(?=a)", "(", "[^a-z]", "a{1000}", ".*.*=.*", "\\u0061", "");

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0.0",
          "1",
          "1.0",
          "2.5",
          "-3",
          "1e2",
          "1e400",
          "1e-400",
          "1e999999999",
          "1e-999999999",
          "99999999999999999999",
          "0.1",
          "3",
          "1e30");

  private Random random = new Random(0);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 148})
  void compiling_and_validating_end_in_a_result_or_a_refusal(long seed) {
    random = new Random(seed);
    int compiled = 0;
    int fitting = 0;
    for (int round = 0; round < SCHEMAS; round++) {
      Json schema = schema(4, random.nextInt(4) == 0);
      Optional<JsonSchema> result = compiled(schema);
      compiled += result.isPresent() ? 1 : 0;
      for (int i = 0; result.isPresent() && i < VALUES; i++) {
        fitting += fits(schema, result.get(), value(4)) ? 1 : 0;
      }
    }
    assertThat(compiled).as("sound schemas of seed " + seed).isGreaterThan(SCHEMAS / 10);
    assertThat(fitting).as("fitting values of seed " + seed).isPositive();
  }

  private static Optional<JsonSchema> compiled(Json schema) {
    try {
      return Optional.of(JsonSchema.compile(schema));
    } catch (Refusal refusal) {
      assertThat(refusal.faults()).as(schema.toString()).isNotEmpty();
      refusal.faults().forEach(fault -> assertThat(fault.pointer()).satisfies(p -> at(schema, p)));
      return Optional.empty();
    } catch (RuntimeException | StackOverflowError thrown) {
      throw new AssertionError("compiling " + schema, thrown);
    }
  }

  private static boolean fits(Json schema, JsonSchema compiled, Json value) {
    try {
      List<Fault> faults = compiled.validate(value);
      for (Fault fault : faults) {
        assertThat(JsonPointer.isPointer(fault.pointer())).isTrue();
        assertThat(fault.detail()).isNotEmpty().doesNotContain("\u0000");
      }
      return faults.isEmpty();
    } catch (RuntimeException | StackOverflowError thrown) {
      throw new AssertionError("validating " + value + " by " + schema, thrown);
    }
  }

  private static void at(Json document, String pointer) {
    assertThat(JsonPointer.find(document, pointer)).as(pointer).isNotNull();
  }

  // ---- Schemas.

  private Json schema(int depth, boolean hostile) {
    if (depth == 0 || random.nextInt(12) == 0) {
      return new Scalar(random.nextBoolean() ? "true" : "false");
    }
    Map<String, Json> members = new LinkedHashMap<>();
    int keywords = random.nextInt(5);
    for (int i = 0; i < keywords; i++) {
      String keyword = KEYWORDS.get(random.nextInt(KEYWORDS.size()));
      boolean wrong = hostile && random.nextInt(4) == 0;
      members.put(keyword, wrong ? value(2) : keywordValue(keyword, depth - 1, hostile));
    }
    if (!hostile) {
      members.keySet().removeAll(List.of("$id", "$anchor", "$schema"));
    }
    return new JsonObject(members);
  }

  private Json keywordValue(String keyword, int depth, boolean hostile) {
    return switch (keyword) {
      case "type" -> text(SchemaKeywords.TYPES.get(random.nextInt(7)));
      case "enum", "examples" -> array(1 + random.nextInt(3), () -> value(2));
      case "const", "default", "unit" -> value(2);
      case "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum" ->
          number(hostile);
      case "maxLength", "minLength", "maxItems", "minItems", "maxContains", "minContains" ->
          new Scalar(Integer.toString(random.nextInt(4)));
      case "maxProperties", "minProperties" -> new Scalar(Integer.toString(random.nextInt(4)));
      case "uniqueItems" -> new Scalar(random.nextBoolean() ? "true" : "false");
      case "pattern" -> text(pattern(hostile));
      case "required" -> new JsonArray(List.of(text(name())));
      case "dependentRequired" -> object(2, this::name, () -> new JsonArray(List.of(text("a"))));
      case "allOf", "anyOf", "oneOf", "prefixItems" ->
          array(1 + random.nextInt(3), () -> schema(depth, hostile));
      case "properties", "dependentSchemas", "$defs", "definitions" ->
          object(3, this::name, () -> schema(depth, hostile));
      case "patternProperties" -> object(2, () -> pattern(hostile), () -> schema(depth, hostile));
      case "$ref" -> text(reference(hostile));
      case "$id", "$anchor", "$schema", "$comment", "title", "format" -> text(name());
      default -> schema(depth, hostile);
    };
  }

  private String reference(boolean hostile) {
    List<String> sound = List.of("#", "#/items", "#/$defs/a", "#/properties/a", "#/allOf/0");
    List<String> odd = List.of("#/%zz", "#a", "x.json", "https://[", "", "#/enum/0", "#/a#b");
    return hostile && random.nextInt(3) == 0
        ? odd.get(random.nextInt(odd.size()))
        : sound.get(random.nextInt(sound.size()));
  }

  private String pattern(boolean hostile) {
    return hostile ? PATTERNS.get(random.nextInt(PATTERNS.size())) : "^[a-m]";
  }

  private Json number(boolean hostile) {
    return new Scalar(
        NUMBERS.get(random.nextInt(hostile ? NUMBERS.size() : 3) + (hostile ? 0 : 2)));
  }

  // ---- Values.

  private Json value(int depth) {
    return switch (random.nextInt(depth == 0 ? 5 : 8)) {
      case 0 -> Json.NULL;
      case 1 -> new Scalar(random.nextBoolean() ? "true" : "false");
      case 2 -> new Scalar(NUMBERS.get(random.nextInt(NUMBERS.size())));
      case 3, 4 -> text(name().repeat(random.nextInt(3)));
      case 5 -> array(random.nextInt(4), () -> value(depth - 1));
      default -> object(4, this::name, () -> value(depth - 1));
    };
  }

  private String name() {
    return NAMES.get(random.nextInt(NAMES.size()));
  }

  private static Json text(String text) {
    return new Scalar(Json.quoted(text));
  }

  private static Json array(int size, Supplier<Json> element) {
    List<Json> elements = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      elements.add(element.get());
    }
    return new JsonArray(elements);
  }

  private Json object(int most, Supplier<String> name, Supplier<Json> member) {
    Map<String, Json> members = new LinkedHashMap<>();
    int size = random.nextInt(most + 1);
    for (int i = 0; i < size; i++) {
      members.put(name.get(), member.get());
    }
    return new JsonObject(members);
  }
}

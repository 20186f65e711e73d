package io.signalbox.hub.schema;

import static io.signalbox.hub.json.TestJson.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.signalbox.hub.model.Fault;
import io.signalbox.hub.model.Refusal;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonSchemaTest {
  private static final String VALVE =
      """
      {"type": "object",
       "properties": {
         "minutes": {"type": "integer", "minimum": 1, "maximum": 120, "unit": "min"},
         "mode": {"enum": ["drip", "spray"]},
         "zones": {"type": "array", "items": {"$ref": "#/$defs/zone"}, "maxItems": 3,
                   "uniqueItems": true}},
       "required": ["minutes"],
       "additionalProperties": false,
       "$defs": {"zone": {"type": "string", "pattern": "^[a-z]+$"}}}
      """;

  @Test
  void a_value_that_fits_has_no_faults() {
    assertThat(faults(VALVE, "{\"minutes\": 12, \"mode\": \"drip\", \"zones\": [\"a\", \"b\"]}"))
        .isEmpty();
  }

  @Test
  void every_fault_is_listed_with_its_place_what_was_expected_and_what_came() {
    assertThat(
            faults(
                VALVE,
                "{\"minutes\": 500, \"mode\": \"off\", \"zones\": [\"a\", \"B\", \"a\", 7],"
                    + " \"minuts\": 1}"))
        .containsExactlyInAnyOrder(
            new Fault("/minutes", "must be at most 120, is 500"),
            new Fault("/mode", "must be one of \"drip\", \"spray\", is \"off\""),
            new Fault("/zones", "must have at most 3 elements, has 4"),
            new Fault("/zones", "must not repeat \"a\""),
            new Fault("/zones/1", "must match the pattern ^[a-z]+$, is \"B\""),
            new Fault("/zones/3", "must be a string, is 7"),
            new Fault("/minuts", "is not expected here"));
  }

  @Test
  void a_missing_member_is_named() {
    assertThat(faults(VALVE, "{}")).containsExactly(new Fault("/minutes", "is missing"));
    assertThat(faults(VALVE, "[]"))
        .containsExactly(new Fault("", "must be an object, is an array"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"const\": 5} | 6 | must be 5, is 6",
        "{\"type\": [\"number\", \"null\"]} | \"x\" | must be a number or null, is \"x\"",
        "{\"exclusiveMaximum\": 2.50} | 2.5 | must be below 2.5, is 2.5",
        "{\"exclusiveMinimum\": 0} | -0.0 | must be above 0, is -0.0",
        "{\"minimum\": 1e2} | 99 | must be at least 100, is 99",
        "{\"multipleOf\": 0.1} | 0.25 | must be a multiple of 0.1, is 0.25",
        "{\"maxLength\": 1} | \"ab\" | must have at most 1 character, is \"ab\"",
        "{\"minLength\": 2} | \"\" | must have at least 2 characters, is \"\"",
        "{\"minItems\": 2} | [1] | must have at least 2 elements, has 1",
        "{\"minProperties\": 1} | {} | must have at least 1 member, has 0",
        "{\"maxProperties\": 0} | {\"a\": 1} | must have at most 0 members, has 1",
        "{\"contains\": {\"const\": 1}} | [2] | must have at least 1 matching element, has none",
        "{\"not\": {\"type\": \"string\"}} | \"x\" | must not fit the schema of not, is \"x\"",
        "{\"oneOf\": [{\"minimum\": 1}, {\"minimum\": 2}]} | 3 |"
            + " must fit exactly one of the alternatives of oneOf, fits 2",
        "{\"anyOf\": [{\"type\": \"null\"}, {\"minimum\": 2}]} | 1 |"
            + " must fit one of the alternatives of anyOf, is 1",
        "{\"dependentRequired\": {\"a\": [\"b\"]}} | {\"a\": 1} | must also have b",
        "false | 1 | is not allowed",
      })
  void a_fault_says_what_was_expected(String schema, String value, String detail) {
    assertThat(faults(schema, value)).containsExactly(new Fault("", detail));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"multipleOf\": 0.1} | 0.3",
        "{\"maximum\": 9007199254740993} | 9007199254740993",
        "{\"enum\": [1.0, {\"a\": [2]}]} | {\"a\": [2.00]}",
        "{\"type\": \"integer\"} | 1.0",
        "{\"pattern\": \"^\\\\u00e9+$\"} | \"éé\"",
        "{\"properties\": {\"a/b~c\": true}, \"additionalProperties\": false} | {\"a/b~c\": 1}",
        "{\"$ref\": \"#/$defs/a%2Bb\", \"$defs\": {\"a+b\": {\"type\": \"null\"}}} | null",
        "{\"format\": \"date-time\"} | \"tomorrow\"",
        "{\"const\": {\"$id\": \"not a uri\", \"$ref\": \"#/nowhere\"}} |"
            + " {\"$ref\": \"#/nowhere\", \"$id\": \"not a uri\"}",
        "{\"unit\": \"Cel\", \"enumLabels\": {\"$ref\": 7}} | 1",
        "{\"$id\": \"https://example.org/x\", \"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": true}} | 1",
        "true | {\"anything\": [1]}",
      })
  void a_value_fits(String schema, String value) {
    assertThat(faults(schema, value)).isEmpty();
  }

  @Test
  void a_member_that_fails_a_pattern_is_reported_once() {
    String schema =
        """
        {"patternProperties": {"^x": {"type": "number"}}, "additionalProperties": false}
        """;

    assertThat(faults(schema, "{\"x1\": \"a\", \"y\": 1}"))
        .containsExactlyInAnyOrder(
            new Fault("/x1", "must be a number, is \"a\""),
            new Fault("/y", "is not expected here"));
  }

  @Test
  void unevaluated_members_are_seen_through_references() {
    String schema =
        """
        {"$ref": "#/$defs/base", "properties": {"b": true}, "unevaluatedProperties": false,
         "$defs": {"base": {"properties": {"a": true}}}}
        """;

    assertThat(faults(schema, "{\"a\": 1, \"b\": 2}")).isEmpty();
    assertThat(faults(schema, "{\"a\": 1, \"c\": 2}"))
        .containsExactly(new Fault("/c", "is not expected here"));
  }

  @Test
  void a_recursive_schema_validates_a_tree() {
    String schema =
        """
        {"type": "object", "properties": {"next": {"$ref": "#"}, "n": {"type": "integer"}}}
        """;

    assertThat(faults(schema, "{\"next\": {\"next\": {\"n\": 1}}}")).isEmpty();
    assertThat(faults(schema, "{\"next\": {\"next\": {\"n\": 1.5}}}"))
        .containsExactly(new Fault("/next/next/n", "must be a whole number, is 1.5"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "7 | `` | must be a schema: an object, true or false, is 7",
        "{\"minimum\": \"1\"} | /minimum | must be a number, is \"1\"",
        "{\"multipleOf\": 0} | /multipleOf | must be a number above 0, is 0",
        "{\"maximum\": 1e500} | /maximum |"
            + " must be a number with an exponent from -400 to 400, is 1e500",
        "{\"maxLength\": -1} | /maxLength | must be a whole number from 0 to 2147483647, is -1",
        "{\"type\": \"int\"} | /type |"
            + " must be one or several of null, boolean, object, array, number, integer, string,"
            + " is \"int\"",
        "{\"properties\": []} | /properties | must be an object of schemas, is an array",
        "{\"properties\": {\"a/b\": 1}} | /properties/a~1b |"
            + " must be a schema: an object, true or false, is 1",
        "{\"allOf\": []} | /allOf | must be an array of at least one schema, is an array",
        "{\"required\": [\"a\", \"a\"]} | /required |"
            + " must be an array of different strings, is an array",
        "{\"enum\": []} | /enum | must have at least one value, is empty",
        "{\"uniqueItems\": 1} | /uniqueItems | must be true or false, is 1",
        "{\"$schema\": \"http://json-schema.org/draft-07/schema#\"} | /$schema |"
            + " must be https://json-schema.org/draft/2020-12/schema, is"
            + " \"http://json-schema.org/draft-07/schema#\"",
        "{\"$ref\": \"https://example.org/x.json\"} | /$ref |"
            + " must be a place in the same schema, such as #/$defs/x, is"
            + " https://example.org/x.json",
        "{\"$ref\": \"#/$defs/x\"} | /$ref |"
            + " must name a schema in the same document, is #/$defs/x",
        "{\"$ref\": \"#%zz\"} | /$ref | must name a schema in the same document, is #%zz",
        "{\"$ref\": \"#/enum/0\", \"enum\": [{}]} | /$ref |"
            + " must name a schema in the same document, is #/enum/0",
        "{\"$ref\": \"#\"} | /$ref |"
            + " must not lead back to itself without a property or an item",
        "{\"$id\": 7} | /$id | must be a string, is 7",
        "{\"patternProperties\": {\"#\": {}}} | /patternProperties/# |"
            + " must not contain #; write \\x23",
        "{\"properties\": {\"#\": {\"patternProperties\": {\"a\": {}}}}} |"
            + " /properties/#/patternProperties | is not supported below a name that contains #",
        "{\"items\": {\"$id\": \"https://example.org\"}} | /items/$id |"
            + " is not supported; expected $ref with a place in the same schema, such as #/$defs/x",
      })
  void an_invalid_schema_is_refused_with_the_place(String schema, String pointer, String detail) {
    assertThat(refused(schema)).containsExactly(new Fault(pointer, detail));
  }

  @Test
  void all_faults_of_a_schema_are_listed() {
    assertThat(refused("{\"minimum\": \"1\", \"items\": {\"pattern\": \"(\", \"type\": 7}}"))
        .extracting(Fault::pointer)
        .containsExactly("/minimum", "/items/pattern", "/items/type");
  }

  @Test
  void circles_of_references_are_found_through_all_keywords() {
    assertThat(
            refused(
                """
                {"anyOf": [{"$ref": "#/$defs/a"}],
                 "$defs": {"a": {"if": {"$ref": "#/$defs/b"}},
                           "b": {"dependentSchemas": {"x": {"not": {"$ref": "#/$defs/a"}}}}}}
                """))
        .isNotEmpty();
  }

  @Test
  void a_long_chain_of_references_is_refused() {
    String schema =
        IntStream.range(0, 500)
            .mapToObj(i -> "\"d" + i + "\": {\"$ref\": \"#/$defs/d" + (i + 1) + "\"}")
            .collect(Collectors.joining(",", "{\"$defs\": {", ", \"d500\": true}}"));

    assertThat(refused(schema)).isNotEmpty();
  }

  @Test
  void a_huge_schema_is_refused() {
    String names =
        IntStream.range(0, 100_000)
            .mapToObj(i -> "\"p" + i + "\":{}")
            .collect(Collectors.joining(",", "{\"properties\":{", "}}"));

    assertThat(refused(names)).extracting(Fault::detail).first().asString().contains("characters");
  }

  @Test
  void many_enumeration_values_and_many_subschemas_are_refused() {
    String values =
        IntStream.range(0, 501)
            .mapToObj(String::valueOf)
            .collect(Collectors.joining(",", "{\"enum\":[", "]}"));
    String schemas =
        IntStream.range(0, 1_001)
            .mapToObj(i -> "true")
            .collect(Collectors.joining(",", "{\"prefixItems\":[", "]}"));

    assertThat(refused(values))
        .containsExactly(new Fault("/enum", "must have at most 500 values, has 501"));
    assertThat(refused(schemas)).isNotEmpty();
  }

  @Test
  void alternatives_that_multiply_with_the_depth_of_the_value_are_stopped() {
    String schema =
        """
        {"properties": {"a": {"anyOf": [{"$ref": "#"}, {"$ref": "#"}, {"$ref": "#"}]},
                        "b": {"type": "null"}}}
        """;
    String value = "{\"a\":".repeat(30) + "{\"b\":1}" + "}".repeat(30);

    assertThat(faults(schema, value))
        .containsExactly(
            new Fault("", "takes too many steps to validate; the schema is too complex"));
  }

  @Test
  void alternatives_that_multiply_without_recursion_are_stopped() {
    String schema =
        IntStream.range(0, 30)
            .mapToObj(
                i ->
                    "\"d%d\": {\"allOf\": [{\"$ref\": \"#/$defs/d%d\"}, {\"$ref\": \"#/$defs/d%d\"}]}"
                        .formatted(i, i + 1, i + 1))
            .collect(
                Collectors.joining(
                    ",",
                    "{\"$ref\": \"#/$defs/d0\", \"$defs\": {",
                    ", \"d30\": {\"type\": \"null\"}}}"));

    assertThat(faults(schema, "1"))
        .containsExactly(
            new Fault("", "takes too many steps to validate; the schema is too complex"));
  }

  @ParameterizedTest
  @CsvSource({"1e999999999", "-1e-999999999", "1e401"})
  void a_number_beyond_all_measure_is_a_fault(String number) {
    assertThat(faults("{\"items\": {\"multipleOf\": 3}}", "[" + number + "]"))
        .containsExactly(
            new Fault("/0", "must be a number with an exponent from -400 to 400, is " + number));
  }

  private static List<Fault> faults(String schema, String value) {
    return JsonSchema.compile(json(schema)).validate(json(value));
  }

  private static List<Fault> refused(String schema) {
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> JsonSchema.compile(json(schema)));
    assertThat(refusal.kind()).isEqualTo(Refusal.ErrorCode.INVALID);
    return refusal.faults();
  }
}

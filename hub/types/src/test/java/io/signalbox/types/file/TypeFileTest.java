package io.signalbox.types.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.signalbox.types.file.TypeFile.Format;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TypeFileTest {
  private static final long SEED = 20_261_130;
  private static final String[] TEXTS = {
    "",
    " ",
    "a",
    "no",
    "Yes",
    "null",
    "~",
    "1",
    "1.5",
    "1e3",
    "0x1f",
    "012",
    "1_000",
    "2026-11-30",
    "12:30:00",
    "-",
    "- a",
    "a: b",
    "a #b",
    "#a",
    "&a",
    "*a",
    "!a",
    "{a}",
    "[a",
    "%",
    "@a",
    "`a",
    "'a'",
    "\"a\"",
    "a ",
    " a",
    "two\nlines",
    "trailing\n",
    "\n",
    "tab\there",
    "µ°Ω€",
    "\uD83D\uDE00",
    "=",
    "<<",
    ".inf",
    "NaN",
    "a\\b",
    "/reported/x",
    "^[a-z]+$",
    "L/min",
    "\u0085",
    "\u2028"
  };

  @Test
  void yaml_is_read_and_written_as_people_write_it() {
    String text =
        """
        types:
          valve:
            description: Opens for some minutes.
            metrics:
              flow:
                unit: L/min
                max: 40.0
                decimals: 1
              state:
                kind: enum
                values:
                  "0": Closed
                  "on": "Open: flowing"
            commands:
              open:
                params:
                  type: object
                  required:
                  - minutes
                risk: disturbs
        """;

    TypeFile file = TypeFile.read("types.yaml", text);

    assertThat(file.types()).hasSize(1);
    TypeDefinition valve = file.types().getFirst();
    assertThat(valve.name()).isEqualTo("valve");
    assertThat(valve.document().at("/metrics/state/values/0").textValue()).isEqualTo("Closed");
    assertThat(valve.place("/metrics/flow")).isEqualTo("types.yaml#/types/valve/metrics/flow");
    assertThat(TypeFile.write(Map.of("valve", valve.document()), Format.YAML)).isEqualTo(text);
  }

  @Test
  void a_definition_as_the_hub_returns_it_is_read() {
    TypeDefinition pump =
        TypeFile.read(
                "pump.json",
                """
                {"type": "pump", "version": 3, "changed": 1, "by": "admin", "metrics": {}}
                """)
            .types()
            .getFirst();

    assertThat(pump.name()).isEqualTo("pump");
    assertThat(pump.document()).hasToString("{\"metrics\":{}}");
    assertThat(pump.place("/metrics")).isEqualTo("pump.json#/metrics");
    assertThat(pump.place("")).isEqualTo("pump.json");
  }

  @Test
  void a_byte_order_mark_is_ignored() {
    assertThat(TypeFile.read("f", "\uFEFF{\"types\": {\"a\": {}}}").types()).hasSize(1);
    assertThat(TypeFile.read("f", "\uFEFFtypes: {a: {}}").types()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void any_value_is_the_same_after_writing_and_reading(Format format) {
    Random random = new Random(SEED);
    for (int i = 0; i < 500; i++) {
      ObjectNode document = JsonNodeFactory.instance.objectNode();
      document.set("value", value(random, 3));
      String text = TypeFile.write(Map.of("a", document), format);

      JsonNode read = TypeFile.read("a", text).types().getFirst().document();

      assertThat(read).as(text).isEqualTo(document);
    }
  }

  private static JsonNode value(Random random, int depth) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    String text = TEXTS[random.nextInt(TEXTS.length)];
    return switch (random.nextInt(depth > 0 ? 8 : 6)) {
      case 0 -> nodes.booleanNode(random.nextBoolean());
      case 1 -> nodes.numberNode(random.nextInt());
      case 2 -> nodes.numberNode(new java.math.BigDecimal(random.nextInt(1_000)).movePointLeft(4));
      case 3 -> nodes.nullNode();
      case 4, 5 -> nodes.textNode(text);
      case 6 -> {
        ObjectNode object = nodes.objectNode();
        for (int i = 0; i < random.nextInt(4); i++) {
          object.set(TEXTS[random.nextInt(TEXTS.length)], value(random, depth - 1));
        }
        yield object;
      }
      default -> nodes.arrayNode().add(value(random, depth - 1)).add(value(random, depth - 1));
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "types: [ | f:1:",
        "~types:\n  a: {}\n  a: {}~ | f:3:",
        "~types:\n  a: &x {}\n  b: *x~ | f:3:6: the alias *x is not supported",
        "~types:\n\ta: {}~ | f:2:1: found character",
        "{\"types\": {\"a\": {} \"b\"}} | f:1:20: Unexpected character",
        "{\"types\": {}} {} | f:1:15: a second document follows; expected one",
        "~types: {}\n---\ntypes: {}~ | f:3:1: a second document follows; expected one",
        "{\"types\": []} | f#/types: must be an object of types by name",
        "{\"types\": {}, \"tpyes\": 1} | f#/tpyes: is unknown; expected types",
        "{\"types\": {\"a/b\": 1}} | f#/types/a~1b: must be an object",
        "{\"types\": {\"\": {}}} | f#/types/: a name must have 1 to 64 characters and no slash",
        "{\"types\": {\"..\": {}}} | f#/types/..: a name must have",
        "{\"types\": {\"a\": {\"type\": \"b\"}}} | f#/types/a/type: must be a, is \"b\"",
        "~~ | f: is empty",
        "{} | f: expected device types",
        "7 | f: expected device types",
        "{\"@context\": \"https://www.w3.org/2022/wot/td/v1.1\"} | f#/title: is missing",
        "[{\"@type\": \"Interface\", \"@id\": \"dtmi:a:B;1\"}] | f#/0/@context: must have"
      })
  void a_file_that_is_not_valid_is_refused_with_the_place(String text, String message) {
    assertThatThrownBy(() -> TypeFile.read("f", text))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith(message)
        .message()
        .doesNotContain("\n");
  }
}

package io.signalbox.types.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged models are converted or refused, and nothing else happens. */
class ModelFuzzTest {
  private static final long SEED = 18_151_130;
  private static final int ROUNDS = 4_000;
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "0",
          "-1.5e3",
          "\"\"",
          "\"integer\"",
          "\"array\"",
          "\"#/\"",
          "\"{{A}}\"",
          "[]",
          "{}",
          "[[]]",
          "[null]",
          "{\"a\":1}",
          "{\"tm:ref\":\"#/properties/a\"}",
          "{\"@id\":\"dtmi:a:B;1\"}",
          "\"dtmi:a:B;1\"",
          "[{\"const\":1}]",
          "\"Interface\"");

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        {"@context": "https://www.w3.org/2022/wot/td/v1.1", "@type": "tm:ThingModel", "title": "T",
         "links": [{"rel": "tm:extends", "href": "x"}],
         "properties": {"a": {"type": "number", "unit": "V", "readOnly": true, "minimum": 0},
           "b": {"tm:ref": "#/properties/a", "oneOf": [{"const": 1, "title": "One"}]},
           "c": {"type": "object", "properties": {"d": {"type": "array", "items": {"enum": [1]}}}}},
         "actions": {"e": {"input": {"type": "string"}, "output": {"items": [{}]}, "safe": true}},
         "events": {"f": {"data": {"type": "integer", "multipleOf": 0.1}}}}
        """,
        """
        [{"@context": "dtmi:dtdl:context;2", "@type": "Interface", "@id": "dtmi:a:A;1",
          "displayName": {"en": "A", "de": "B"}, "extends": "dtmi:a:B;1",
          "schemas": [{"@id": "dtmi:a:E;1", "@type": "Enum", "valueSchema": "string",
            "enumValues": [{"name": "x", "enumValue": "y"}]}],
          "contents": [{"@type": ["Telemetry"], "name": "a", "schema": "dtmi:a:E;1", "unit": "x"},
            {"@type": "Property", "name": "b", "writable": true, "schema": {"@type": "Map",
              "mapKey": {"name": "k", "schema": "string"}, "mapValue": {"schema": "double"}}},
            {"@type": "Command", "name": "c", "request": {"name": "d", "nullable": true,
              "schema": {"@type": "Object", "fields": [{"name": "e", "schema": "date"}]}}},
            {"@type": "Component", "name": "f", "schema": "dtmi:a:B;1"}]},
         {"@context": "dtmi:dtdl:context;2", "@type": "Interface", "@id": "dtmi:a:B;1",
          "contents": [{"@type": "Telemetry", "name": "g",
            "schema": {"@type": "Array", "elementSchema": "point"}}]}]
        """
      })
  void a_damaged_model_is_converted_or_refused(String model) throws JsonProcessingException {
    Random random = new Random(SEED);
    int converted = 0;
    for (int i = 0; i < ROUNDS; i++) {
      JsonNode root = JsonText.read(model);
      for (int damages = 1 + random.nextInt(3); damages > 0; damages--) {
        damage(root, random);
      }
      try {
        converted += TypeFile.read("f", root.toString()).types().size();
      } catch (InvalidFileException refused) {
        assertThat(refused).hasMessageStartingWith("f");
      } catch (RuntimeException failure) {
        throw new AssertionError(root.toString(), failure);
      }
    }
    assertThat(converted).isPositive();
  }

  private static void damage(JsonNode root, Random random) throws JsonProcessingException {
    List<JsonNode> containers = new ArrayList<>();
    collect(root, containers);
    JsonNode value = JsonText.read(VALUES.get(random.nextInt(VALUES.size())));
    JsonNode container = containers.get(random.nextInt(containers.size()));
    if (container instanceof ArrayNode array && !array.isEmpty()) {
      array.set(random.nextInt(array.size()), value);
    } else if (container instanceof ObjectNode object && !object.isEmpty()) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name = names.get(random.nextInt(names.size()));
      if (random.nextInt(4) == 0) {
        object.remove(name);
      } else {
        object.set(name, value);
      }
    }
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers));
    }
  }
}

package io.signalbox.types.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.types.file.JsonText;
import java.util.List;
import org.junit.jupiter.api.Test;

class DtdlConverterTest {
  private static final String PUMP =
      """
      {"@context": ["dtmi:dtdl:context;3", "dtmi:dtdl:extension:quantitativeTypes;1"],
       "@id": "dtmi:test:works:BoosterPump;2", "@type": "Interface",
       "displayName": {"en": "Booster pump", "de": "Druckpumpe"},
       "comment": "first draft",
       "schemas": [{"@id": "dtmi:test:works:Mode;1", "@type": "Enum", "valueSchema": "integer",
         "enumValues": [{"name": "off", "enumValue": 0},
                        {"name": "auto", "displayName": "Automatic", "enumValue": 1}]}],
       "contents": [
         {"@type": ["Telemetry", "Pressure"], "name": "pressure", "displayName": "Pressure",
          "schema": "double", "unit": "bar"},
         {"@type": "Telemetry", "name": "starts", "schema": "integer"},
         {"@type": "Telemetry", "name": "mode", "schema": "dtmi:test:works:Mode;1"},
         {"@type": "Telemetry", "name": "serviced", "schema": "date"},
         {"@type": "Telemetry", "name": "curve",
          "schema": {"@type": "Array", "elementSchema": "double"}},
         {"@type": "Property", "name": "mode_set", "schema": "dtmi:test:works:Mode;1",
          "writable": true},
         {"@type": "Property", "name": "serial", "schema": "string"},
         {"@type": "Property", "name": "tags",
          "schema": {"@type": "Map", "mapKey": {"name": "k", "schema": "string"},
                     "mapValue": {"name": "v", "schema": "boolean"}}},
         {"@type": "Command", "name": "run", "displayName": "Run",
          "request": {"name": "time", "schema": {"@type": "Object", "fields": [
            {"@type": ["Field", "TimeSpan"], "name": "minutes", "schema": "integer",
             "unit": "minute"},
            {"name": "until", "schema": "dateTime"}]}},
          "response": {"name": "started", "schema": "boolean", "nullable": true}},
         {"@type": "Command", "name": "prime", "request": {"name": "seconds", "schema": "long"}},
         {"@type": "Relationship", "name": "feeds", "target": "dtmi:test:works:Tank;1"}]}
      """;

  @Test
  void telemetry_properties_and_commands_become_metrics_twin_and_commands() throws Exception {
    Model pump = convert(PUMP).getFirst();

    assertThat(pump.name()).isEqualTo("booster-pump");
    assertThat(pump.document())
        .isEqualTo(
            JsonText.read(
                """
                {"description": "Booster pump",
                 "metrics": {
                   "pressure": {"label": "Pressure", "unit": "bar", "kind": "number"},
                   "starts": {"kind": "number", "decimals": 0},
                   "mode": {"kind": "enum", "values": {"0": "off", "1": "Automatic"}},
                   "serviced": {"kind": "text"}},
                 "commands": {
                   "run": {"label": "Run",
                     "params": {"type": "object", "properties": {
                       "minutes": {"unit": "min", "type": "integer"},
                       "until": {"type": "string", "format": "date-time"}}},
                     "result": {"anyOf": [{"type": "boolean", "title": "started"},
                                          {"type": "null"}]}},
                   "prime": {"params": {"type": "integer", "title": "seconds"}}},
                 "twin": {
                   "desired": {"type": "object", "properties": {
                     "mode_set": {"enum": [0, 1], "values": {"0": "off", "1": "Automatic"}}}},
                   "reported": {"type": "object", "properties": {
                     "mode_set": {"enum": [0, 1], "values": {"0": "off", "1": "Automatic"}},
                     "serial": {"type": "string"},
                     "tags": {"type": "object", "additionalProperties": {"type": "boolean"}}}}}}
                """));
  }

  @Test
  void what_has_no_counterpart_is_listed_with_its_pointer() throws Exception {
    assertThat(convert(PUMP).getFirst().unmapped())
        .extracting(UnmappedMember::pointer)
        .containsExactlyInAnyOrder(
            "/displayName/de",
            "/comment",
            "/contents/0/@type",
            "/contents/3/schema",
            "/contents/4",
            "/contents/8/request/schema/fields/0/@type",
            "/contents/10");
  }

  @Test
  void extended_interfaces_and_components_of_the_same_file_are_read() throws Exception {
    List<Model> models =
        convert(
            """
            [{"@context": "dtmi:dtdl:context;2", "@id": "dtmi:test:Station;1", "@type": "Interface",
              "extends": ["dtmi:test:Base;1", "dtmi:other:Missing;1"],
              "contents": [
                {"@type": "Component", "name": "inlet", "displayName": "Inlet",
                 "schema": "dtmi:test:Valve;1"},
                {"@type": "Component", "name": "info", "schema": "dtmi:other:Info;1"}]},
             {"@context": "dtmi:dtdl:context;2", "@id": "dtmi:test:Base;1", "@type": "Interface",
              "contents": [{"@type": "Telemetry", "name": "battery", "schema": "integer",
                            "unit": "percent", "comment": "rounded"}]},
             {"@context": "dtmi:dtdl:context;2", "@id": "dtmi:test:Valve;1", "@type": "Interface",
              "contents": [
                {"@type": "Telemetry", "name": "flow", "schema": "float",
                 "unit": "litrePerMinute"},
                {"@type": "Property", "name": "limit", "schema": "float", "writable": true},
                {"@type": "Command", "name": "close", "commandType": "synchronous"}]}]
            """);

    assertThat(models).hasSize(1);
    Model station = models.getFirst();
    assertThat(station.name()).isEqualTo("station");
    assertThat(station.document())
        .isEqualTo(
            JsonText.read(
                """
                {"metrics": {
                   "battery": {"unit": "%", "kind": "number", "decimals": 0},
                   "inlet.flow": {"unit": "L/min", "kind": "number"}},
                 "commands": {"inlet.close": {}},
                 "twin": {
                   "desired": {"type": "object", "properties": {"inlet": {"title": "Inlet",
                     "type": "object", "properties": {"limit": {"type": "number"}}}}},
                   "reported": {"type": "object", "properties": {"inlet": {"title": "Inlet",
                     "type": "object", "properties": {"limit": {"type": "number"}}}}}}}
                """));
    assertThat(station.unmapped())
        .containsExactlyInAnyOrder(
            new UnmappedMember(
                "/0/extends/1", "the interface dtmi:other:Missing;1 is not in this file"),
            new UnmappedMember(
                "/0/contents/1", "the interface dtmi:other:Info;1 is not in this file"),
            new UnmappedMember("/1/contents/0/comment", "has no counterpart"),
            new UnmappedMember("/2/contents/2/commandType", "has no counterpart"));
  }

  @Test
  void an_unknown_schema_or_unit_is_listed() throws Exception {
    Model model =
        convert(
                interfaceWith(
                    """
                    {"@type": "Telemetry", "name": "a", "schema": "dtmi:x:Y;1"},
                    {"@type": "Property", "name": "b", "schema": "decimal"},
                    {"@type": "Telemetry", "name": "c", "schema": "double",
                     "unit": "dtmi:x:unit:furlong;1"},
                    {"@type": "Telemetry", "name": "d", "schema": "point"},
                    {"@type": "Telemetry", "name": "e", "schema": {"@type": "Object",
                     "fields": [{"name": "x", "schema": "double"}]}}
                    """))
            .getFirst();

    assertThat(model.document().path("metrics"))
        .isEqualTo(
            JsonText.read(
                """
                {"a": {}, "c": {"kind": "number"}, "d": {"kind": "object"},
                 "e": {"kind": "object"}}
                """));
    assertThat(model.unmapped())
        .extracting(UnmappedMember::pointer)
        .containsExactly(
            "/contents/0/schema",
            "/contents/1/schema",
            "/contents/2/unit",
            "/contents/3/schema",
            "/contents/4/schema");
  }

  @Test
  void a_model_that_is_not_valid_is_refused_with_the_place() {
    refuses("{\"@type\": \"Interface\", \"@id\": \"dtmi:a:B;1\"}", "/@context");
    refuses(
        "{\"@context\": \"dtmi:dtdl:context;4\", \"@type\": \"Interface\", \"@id\": \"dtmi:a:B;1\"}",
        "/@context");
    refuses("{\"@context\": \"dtmi:dtdl:context;3\", \"@type\": \"Interface\"}", "");
    refuses(interfaceWith("{\"name\": \"a\"}"), "/contents/0/@type");
    refuses(interfaceWith("{\"@type\": \"Telemetry\"}"), "/contents/0/name");
    refuses(interfaceWith("{\"@type\": \"Telemetry\", \"name\": \"a\"}"), "/contents/0/schema");
    refuses(interfaceWith("7"), "/contents/0");
    refuses(
        interfaceWith("{\"@type\": \"Component\", \"name\": \"a\", \"schema\": \"dtmi:a:B;1\"}"),
        "");
  }

  private static void refuses(String text, String pointer) {
    assertThatThrownBy(() -> convert(text))
        .isInstanceOfSatisfying(
            InvalidModelException.class, fault -> assertThat(fault.pointer()).isEqualTo(pointer));
  }

  private static String interfaceWith(String contents) {
    return "{\"@context\": \"dtmi:dtdl:context;3\", \"@type\": \"Interface\","
        + " \"@id\": \"dtmi:a:B;1\", \"contents\": ["
        + contents
        + "]}";
  }

  private static List<Model> convert(String text) throws JsonProcessingException {
    JsonNode root = JsonText.read(text);
    assertThat(DtdlConverter.accepts(root)).isTrue();
    return DtdlConverter.convert(root);
  }
}

package io.signalbox.types.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.signalbox.types.file.JsonText;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThingModelConverterTest {
  private static final String VALVE =
      """
      {"@context": ["https://www.w3.org/2022/wot/td/v1.1"],
       "@type": ["tm:ThingModel", "ex:Valve"],
       "title": "Irrigation Valve",
       "description": "Opens for some minutes.",
       "version": {"model": "1.0.0"},
       "links": [{"rel": "tm:extends", "href": "base.tm.json", "type": "application/tm+json"}],
       "properties": {
         "flow": {"title": "Flow", "type": "number", "unit": "litrePerMinute", "readOnly": true,
                  "observable": true, "minimum": 0, "maximum": 40.5, "multipleOf": 0.1},
         "state": {"readOnly": true, "oneOf": [
                    {"const": "open", "title": "Open"}, {"const": "closed", "title": "Closed"}]},
         "faults": {"type": "array", "items": {"type": "string"}, "readOnly": true},
         "schedule": {"type": "object", "required": ["start"], "properties": {
                    "start": {"type": "string", "format": "time"},
                    "minutes": {"type": "integer", "unit": "min", "minimum": 1, "@type": "ex:M"}}},
         "pin": {"type": "string", "writeOnly": true, "minLength": 4}},
       "actions": {
         "open": {"title": "Open", "input": {"type": "object", "properties": {
                    "minutes": {"type": "integer", "maximum": 120, "unit": "min"}},
                    "required": ["minutes"]},
                  "output": {"type": "boolean"}, "idempotent": false},
         "blink": {"safe": true}},
       "events": {
         "leak": {"title": "Leak", "data": {"type": "number", "unit": "L"},
                  "subscription": {"type": "string"}},
         "restarted": {}}}
      """;

  @Test
  void properties_actions_and_events_become_metrics_twin_and_commands() throws Exception {
    Model valve = convert(VALVE);

    assertThat(valve.name()).isEqualTo("irrigation-valve");
    assertThat(valve.document())
        .isEqualTo(
            JsonText.read(
                """
                {"description": "Opens for some minutes.",
                 "metrics": {
                   "flow": {"label": "Flow", "unit": "L/min", "kind": "number", "min": 0,
                            "max": 40.5, "decimals": 1},
                   "state": {"kind": "enum", "values": {"open": "Open", "closed": "Closed"}},
                   "leak": {"label": "Leak", "unit": "L", "kind": "number"}},
                 "commands": {
                   "open": {"label": "Open",
                            "params": {"type": "object", "required": ["minutes"], "properties": {
                              "minutes": {"type": "integer", "maximum": 120, "unit": "min"}}},
                            "result": {"type": "boolean"}},
                   "blink": {"risk": "none"}},
                 "twin": {
                   "desired": {"type": "object", "properties": {
                     "schedule": {"type": "object", "required": ["start"], "properties": {
                       "start": {"type": "string", "format": "time"},
                       "minutes": {"type": "integer", "minimum": 1, "unit": "min"}}},
                     "pin": {"type": "string", "minLength": 4}}},
                   "reported": {"type": "object", "properties": {
                     "faults": {"type": "array", "items": {"type": "string"}},
                     "schedule": {"type": "object", "required": ["start"], "properties": {
                       "start": {"type": "string", "format": "time"},
                       "minutes": {"type": "integer", "minimum": 1, "unit": "min"}}}}}}}
                """));
  }

  @Test
  void what_has_no_counterpart_is_listed_with_its_pointer() throws Exception {
    assertThat(convert(VALVE).unmapped())
        .extracting(UnmappedMember::pointer)
        .containsExactlyInAnyOrder(
            "/@type",
            "/version",
            "/links/0",
            "/properties/schedule/properties/minutes/@type",
            "/actions/open/idempotent",
            "/events/leak/subscription",
            "/events/restarted");
  }

  @Test
  void references_within_the_file_are_resolved_and_others_are_listed() throws Exception {
    Model model =
        convert(
            """
            {"@context": "https://www.w3.org/2022/wot/td/v1.1", "@type": "tm:ThingModel",
             "title": "Two levels",
             "tm:optional": ["/properties/lower"],
             "properties": {
               "upper": {"type": "number", "unit": "m", "readOnly": true, "maximum": 5},
               "lower": {"tm:ref": "#/properties/upper", "title": "Lower", "maximum": 3},
               "other": {"tm:ref": "other.tm.json#/properties/x", "readOnly": true}}}
            """);

    assertThat(model.document().path("metrics"))
        .isEqualTo(
            JsonText.read(
                """
                {"upper": {"unit": "m", "kind": "number", "max": 5},
                 "lower": {"label": "Lower", "unit": "m", "kind": "number", "max": 3},
                 "other": {}}
                """));
    assertThat(model.unmapped())
        .containsExactly(
            new UnmappedMember(
                "/properties/other/tm:ref", "the file other.tm.json#/properties/x is not read"));
  }

  @Test
  void placeholders_are_left_out_and_listed() throws Exception {
    Model model =
        convert(
            """
            {"@context": "https://www.w3.org/2022/wot/td/v1.1", "@type": "tm:ThingModel",
             "title": "Lamp", "description": "Lamp of {{OWNER}}",
             "properties": {"level": {"type": "integer", "maximum": "{{MAX}}", "minimum": 0}}}
            """);

    assertThat(model.document().at("/twin/desired/properties/level"))
        .isEqualTo(JsonText.read("{\"type\": \"integer\", \"minimum\": 0}"));
    assertThat(model.unmapped())
        .containsExactlyInAnyOrder(
            new UnmappedMember("/description", "the placeholder {{OWNER}} has no value"),
            new UnmappedMember(
                "/properties/level/maximum", "the placeholder {{MAX}} has no value"));
  }

  @Test
  void the_english_text_is_taken_if_there_are_only_translations() throws Exception {
    Model model =
        convert(
            """
            {"@context": "https://www.w3.org/2019/wot/td/v1", "titles": {"de": "Pumpe", "en": "Pump"},
             "properties": {"speed": {"title": "Speed", "titles": {"de": "Drehzahl"},
               "readOnly": true, "type": "integer", "unit": "qudt:REV-PER-MIN", "forms": []}}}
            """);

    assertThat(model.name()).isEqualTo("pump");
    assertThat(model.document().at("/metrics/speed"))
        .isEqualTo(JsonText.read("{\"label\": \"Speed\", \"kind\": \"number\", \"decimals\": 0}"));
    assertThat(model.unmapped())
        .extracting(UnmappedMember::pointer)
        .containsExactlyInAnyOrder(
            "/titles/de",
            "/properties/speed/titles",
            "/properties/speed/unit",
            "/properties/speed/forms");
  }

  @Test
  void a_model_that_is_not_valid_is_refused_with_the_place() {
    String start = "{\"@context\": \"https://www.w3.org/2022/wot/td/v1.1\"";
    for (List<String> wrong :
        List.of(
            List.of("}", "/title"),
            List.of(", \"title\": \"--\"}", "/title"),
            List.of(", \"title\": \"A\", \"properties\": []}", "/properties"),
            List.of(", \"title\": \"A\", \"actions\": {\"a/b\": 1}}", "/actions/a~1b"),
            List.of(
                ", \"title\": \"A\", \"actions\": {\"a\": {\"tm:ref\": \"#/actions/a\"}}}",
                "/actions/a/tm:ref"))) {
      assertThatThrownBy(() -> convert(start + wrong.get(0)))
          .isInstanceOfSatisfying(
              InvalidModelException.class,
              fault -> assertThat(fault.pointer()).isEqualTo(wrong.get(1)));
    }
  }

  private static Model convert(String text) throws JsonProcessingException {
    JsonNode root = JsonText.read(text);
    assertThat(ThingModelConverter.accepts(root)).isTrue();
    return ThingModelConverter.convert((ObjectNode) root);
  }
}

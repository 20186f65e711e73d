package io.signalbox.hub.devicetype;

import static io.signalbox.hub.json.TestJson.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Fault;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which readings fit a type. */
class TelemetryRulesTest {
  private static final String METRICS =
      """
      {"any": {}, "number": {"kind": "number", "min": 0, "max": 10, "usualMax": 5},
       "boolean": {"kind": "boolean"}, "text": {"kind": "text"}, "object": {"kind": "object"},
       "enum": {"kind": "enum", "values": {"auto": "Automatic", "1": "One", "2.50": "Two", "0": "Off", "true": "On", "01": "x"}},
       "free": {"kind": "enum"}, "position": {"kind": "object"}, "a.b": {"kind": "object"},
       "café": {"kind": "number"}, "a/b~c": {"kind": "number"}}
      """;

  private static TypeRules type(String document) {
    return TypeRules.of("valve", json(document));
  }

  private static TelemetryRules rules(String strict, String metrics) {
    String document = "{\"strict\":\"" + strict + "\",\"metrics\":" + metrics + "}";
    return Objects.requireNonNull(type(document).telemetry());
  }

  private static Value value(String json) {
    return switch (json.charAt(0)) {
      case '\'' -> new Value.Text(json.substring(1));
      case '{', '[' -> new Value.Json(json);
      case 't', 'f' -> new Value.Flag(Boolean.parseBoolean(json));
      default -> new Value.Num(Double.parseDouble(json));
    };
  }

  @Test
  void equal_rules_are_one_object_whatever_the_labels() {
    String labels =
        METRICS.replace("{\"kind\": \"text\"}", "{\"kind\": \"text\", \"label\": \"Text\"}");

    assertThat(rules("refuse", METRICS)).isSameAs(rules("refuse", labels));
    assertThat(rules("refuse", METRICS)).isNotEqualTo(rules("tag", METRICS));
    assertThat(rules("refuse", METRICS))
        .isNotEqualTo(rules("refuse", METRICS.replace("\"2.50\": \"Two\", ", "")))
        .isNotEqualTo(rules("refuse", METRICS.replace("boolean\"}", "number\"}")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "any; 1",
        "any; true",
        "any; 'x",
        "any; {}",
        "number; 1",
        "number; 1000",
        "number; -0.0",
        "boolean; false",
        "text; '",
        "text; 'x",
        "object; {\"a\":1}",
        "object; [1,2]",
        "enum; 'auto",
        "enum; 1",
        "enum; 2.5",
        "enum; -0.0",
        "enum; true",
        "enum; '1",
        "enum; '01",
        "enum; 'true",
        "free; 'x",
        "free; 7",
        "café; 1",
        "position.lat; 51.05",
        "position.fix.quality; 'good",
        "a.b.c.d; 1"
      })
  void a_value_fits_by_its_kind_and_not_by_ranges(String metric, String json) {
    assertThat(rules("tag", METRICS).fits(metric, value(json))).isTrue();
    assertThat(rules("tag", METRICS).misfit(metric, value(json))).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "number; 'twelve; must be a number, is the text \"twelve\"",
        "number; '12; must be a number, is the text \"12\"",
        "number; true; must be a number, is the boolean true",
        "number; {}; must be a number, is an object",
        "number; [1]; must be a number, is an array",
        "boolean; 1; must be a boolean, is the number 1",
        "boolean; 0.25; must be a boolean, is the number 0.25",
        "boolean; 'true; must be a boolean, is the text \"true\"",
        "text; 1; must be a text, is the number 1",
        "text; {}; must be a text, is an object",
        "object; 1; must be an object or an array, is the number 1",
        "object; '{}; must be an object or an array, is the text \"{}\"",
        "free; {}; must be a text, a number or a boolean, is an object",
        "a.c; 1; is not a metric of the type valve",
        "any.thing; 1; is not a metric of the type valve",
        "positions; 1; is not a metric of the type valve",
        ".lat; 1; is not a metric of the type valve",
        "Number; 1; is not a metric of the type valve"
      })
  void what_does_not_fit_is_said_with_what_was_expected(String metric, String json, String misfit) {
    assertThat(rules("tag", METRICS).fits(metric, value(json))).isFalse();
    assertThat(rules("tag", METRICS).misfit(metric, value(json))).isEqualTo(misfit);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"2.6", "false", "'off", "'2.5", "{}"})
  void a_value_that_is_not_listed_is_named_with_the_first_values(String json) {
    assertThat(rules("tag", METRICS).misfit("enum", value(json)))
        .startsWith("must be one of \"auto\", \"1\", \"2.50\", \"0\", \"true\", \"01\", is ");
  }

  @Test
  void long_texts_and_long_enumerations_are_shortened() {
    StringBuilder values = new StringBuilder("\"v0\":\"0\"");
    for (int i = 1; i < 30; i++) {
      values.append(",\"v").append(i).append("\":\"").append(i).append('"');
    }
    TelemetryRules rules = rules("tag", "{\"m\":{\"kind\":\"enum\",\"values\":{" + values + "}}}");

    String text = "x".repeat(59) + "\uD83D\uDE00" + "y".repeat(4_000);
    assertThat(rules.misfit("m", new Value.Text(text)))
        .contains("\"v9\" and 20 more, is the text \"" + "x".repeat(59) + "...\"");
  }

  @Test
  void names_are_compared_in_composed_form() {
    TelemetryRules rules = rules("refuse", "{\"cafe\u0301\":{\"kind\":\"number\"}}");

    assertThat(rules.fits("caf\u00e9", new Value.Num(1))).isTrue();
  }

  @Test
  void a_type_that_accepts_has_no_rules() {
    assertThat(type("{\"metrics\":{\"flow\":{\"kind\":\"number\"}}}").telemetry()).isNull();
    assertThat(type("{\"strict\":\"accept\"}").telemetry()).isNull();
    assertThat(rules("tag", "{}").refuses()).isFalse();
    assertThat(rules("refuse", "{}").refuses()).isTrue();
  }

  @Test
  void a_description_completes_the_metrics() {
    TypeRules type = type("{\"strict\":\"refuse\",\"metrics\":{\"flow\":{\"unit\":\"L/min\"}}}");
    TelemetryRules completed =
        Objects.requireNonNull(
            type.completedBy(
                    json(
                        "{\"strict\":\"accept\",\"metrics\":{\"flow\":{\"kind\":\"number\"},"
                            + "\"battery\":{}}}"))
                .telemetry());

    assertThat(completed.refuses()).isTrue();
    assertThat(completed.fits("battery", new Value.Num(1))).isTrue();
    assertThat(completed.misfit("flow", new Value.Text("x")))
        .isEqualTo("must be a number, is the text \"x\"");
    assertThat(Objects.requireNonNull(type.telemetry()).fits("battery", new Value.Num(1)))
        .isFalse();
  }

  private static Reading reading(String metric, Value value) {
    return new Reading(metric, 1_000, value);
  }

  @Test
  void readings_that_all_fit_have_no_misfits() {
    assertThat(
            rules("tag", METRICS)
                .misfits(
                    List.of(
                        reading("number", new Value.Num(1)), reading("any", new Value.Flag(true)))))
        .isEmpty();
  }

  @Test
  void a_refusal_has_one_fault_for_each_metric() {
    TelemetryRules rules = rules("refuse", METRICS);
    List<Reading> readings =
        List.of(
            reading("number", new Value.Text("12")),
            reading("any", new Value.Num(1)),
            new Reading("number", 2_000, new Value.Text("13")),
            reading("a/b~c", new Value.Flag(true)),
            reading("presure", new Value.Num(1)));
    Refusal refusal = rules.refusal(rules.misfits(readings));

    assertThat(refusal.kind()).isEqualTo(ErrorCode.INVALID_READINGS);
    assertThat(refusal.detail())
        .isEqualTo(
            "the readings do not fit the type valve: /number must be a number, is the text \"12\";"
                + " and 2 more faults");
    assertThat(refusal.faults())
        .containsExactly(
            new Fault("/number", "must be a number, is the text \"12\""),
            new Fault("/a~1b~0c", "must be a number, is the boolean true"),
            new Fault("/presure", "is not a metric of the type valve"));
  }

  @Test
  void the_faults_are_bounded() {
    TelemetryRules rules = rules("refuse", "{}");
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      readings.add(reading("m" + i, new Value.Num(i)));
    }

    assertThat(rules.misfits(readings)).hasSize(200);
    assertThat(rules.refusal(rules.misfits(readings)).faults()).hasSize(Fault.MAX_REPORTED);
  }
}

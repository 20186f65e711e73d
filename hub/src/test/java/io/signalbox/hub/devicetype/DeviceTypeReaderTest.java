package io.signalbox.hub.devicetype;

import static io.signalbox.hub.json.TestJson.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.signalbox.hub.devicetype.DeviceType.CommandType;
import io.signalbox.hub.devicetype.DeviceType.Kind;
import io.signalbox.hub.devicetype.DeviceType.MetricType;
import io.signalbox.hub.devicetype.DeviceType.Range;
import io.signalbox.hub.devicetype.DeviceType.Risk;
import io.signalbox.hub.devicetype.DeviceType.Strictness;
import io.signalbox.hub.devicetype.DeviceType.Undo;
import io.signalbox.hub.model.Fault;
import io.signalbox.hub.model.PollingDefaults;
import io.signalbox.hub.model.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceTypeReaderTest {
  private static final String VALVE =
      """
      {"description": "Irrigation valve",
       "metrics": {
         "flow": {"label": "Flow", "unit": "L/min", "kind": "number", "decimals": 1, "min": 0,
                  "max": 40, "usualMin": 2, "usualMax": 30, "interval": 10},
         "state": {"kind": "enum", "values": {"open": "Open", "closed": "Closed"}}},
       "commands": {
         "open": {"label": "Open", "params": {"properties": {"minutes": {"maximum": 120}}},
                  "ttl": 60, "collapse": "valve", "risk": "disturbs",
                  "undo": {"name": "close", "params": {"slow": {"$before": "/reported/slow"}}},
                  "reportedBy": {"minutes": "/reported/minutes"}},
         "close": {"reportedBy": "state"},
         "factory-reset": {"risk": "destroys"}},
       "twin": {"desired": {"type": "object"}},
       "strict": "tag", "offlineAfter": 900, "polling": {"pollCost": 5, "maxInterval": 3600.5}}
      """;

  @Test
  void a_whole_definition_is_read() {
    DeviceType type = TypeRules.of("valve", json(VALVE)).type();

    assertThat(type.description()).isEqualTo("Irrigation valve");
    assertThat(type.metrics().get("flow"))
        .isEqualTo(
            new MetricType(
                "Flow",
                null,
                "L/min",
                Kind.NUMBER,
                1,
                new Range(0.0, 40.0),
                new Range(2.0, 30.0),
                Duration.ofSeconds(10),
                Map.of()));
    assertThat(Objects.requireNonNull(type.metrics().get("state")).values())
        .containsExactly(Map.entry("open", "Open"), Map.entry("closed", "Closed"));
    CommandType open = Objects.requireNonNull(type.commands().get("open"));
    CommandType close = Objects.requireNonNull(type.commands().get("close"));
    assertThat(open.ttl()).isEqualTo(Duration.ofMinutes(1));
    assertThat(open.collapse()).isEqualTo("valve");
    assertThat(open.risk()).isEqualTo(Risk.DISTURBS);
    assertThat(open.undo())
        .isEqualTo(new Undo("close", json("{\"slow\":{\"$before\":\"/reported/slow\"}}")));
    assertThat(open.reportedBy()).isEqualTo(Map.of("minutes", "/reported/minutes"));
    assertThat(close.reportedBy()).isEqualTo(Map.of("", "state"));
    assertThat(close.risk()).isEqualTo(Risk.NONE);
    assertThat(type.desired()).isEqualTo(json("{\"type\":\"object\"}"));
    assertThat(type.strictness()).isEqualTo(Strictness.TAG);
    assertThat(type.offlineAfter()).isEqualTo(Duration.ofMinutes(15));
    assertThat(type.polling())
        .isEqualTo(new PollingDefaults(5.0, null, Duration.ofMillis(3_600_500), null));
  }

  @Test
  void an_empty_definition_is_valid() {
    DeviceType type = TypeRules.of("any", json("{}")).type();

    assertThat(type.metrics()).isEmpty();
    assertThat(type.commands()).isEmpty();
    assertThat(type.strictness()).isEqualTo(Strictness.ACCEPT);
    assertThat(type.polling()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | `` | must be an object, is an array",
        "{\"metric\": {}} | /metric | is unknown; expected description, metrics, commands, twin,"
            + " strict, offlineAfter, polling",
        "{\"description\": 7} | /description | must be a string, is 7",
        "{\"description\": null} | /description | must be a string, is null",
        "{\"description\": \"\"} | /description | must have 1 to 2000 characters, has 0",
        "{\"metrics\": []} | /metrics | must be an object, is an array",
        "{\"metrics\": {\"a/b\": 1}} | /metrics/a~1b | must be an object, is 1",
        "{\"metrics\": {\"\": {}}} | /metrics/ |"
            + " must have a name of 1 to 128 printable characters",
        "{\"metrics\": {\"a\": {\"unit\": \"x\\u0007\"}}} | /metrics/a/unit |"
            + " must not contain control characters",
        "{\"metrics\": {\"a\": {\"kind\": \"int\"}}} | /metrics/a/kind |"
            + " must be one of number, boolean, text, enum, object, is \"int\"",
        "{\"metrics\": {\"a\": {\"decimals\": 1.5}}} | /metrics/a/decimals |"
            + " must be a whole number, is 1.5",
        "{\"metrics\": {\"a\": {\"decimals\": 16}}} | /metrics/a/decimals |"
            + " must be from 0 to 15, is 16",
        "{\"metrics\": {\"a\": {\"min\": 1e400}}} | /metrics/a/min | must be a number, is 1e400",
        "{\"metrics\": {\"a\": {\"min\": 2, \"max\": 1}}} | /metrics/a/max |"
            + " must be above min, which is 2.0, is 1.0",
        "{\"metrics\": {\"a\": {\"values\": {\"on\": 1}}}} | /metrics/a/values/on |"
            + " must be a string, is 1",
        "{\"commands\": {\"a\": {\"params\": {\"minimum\": \"1\"}}}} | /commands/a/params/minimum |"
            + " must be a number, is \"1\"",
        "{\"commands\": {\"a\": {\"result\": 1}}} | /commands/a/result |"
            + " must be a schema: an object, true or false, is 1",
        "{\"commands\": {\"a\": {\"ttl\": 0}}} | /commands/a/ttl | must be from 1 to 2592000, is 0",
        "{\"commands\": {\"a\": {\"undo\": {\"name\": \"b\"}}}} | /commands/a/undo/name |"
            + " must be a command of this type, is \"b\"",
        "{\"commands\": {\"a\": {\"undo\": {}}}} | /commands/a/undo/name |"
            + " is missing; expected a command of this type",
        "{\"commands\": {\"a\": {\"reportedBy\": \"/x\"}}} | /commands/a/reportedBy |"
            + " must name a metric, or a place below /reported or /desired, is \"/x\"",
        "{\"twin\": {\"desired\": {\"type\": \"x\"}}} | /twin/desired/type |"
            + " must be one or several of null, boolean, object, array, number, integer, string,"
            + " is \"x\"",
        "{\"strict\": \"no\"} | /strict | must be one of accept, tag, refuse, is \"no\"",
        "{\"offlineAfter\": 0} | /offlineAfter | must be from 1 to 31622400, is 0",
        "{\"polling\": {\"minInterval\": 2, \"maxInterval\": 1}} | /polling/maxInterval |"
            + " must not be below minInterval",
      })
  void a_fault_has_its_place_and_says_what_was_expected(
      String document, String pointer, String detail) {
    assertThat(faults(document)).containsExactly(new Fault(pointer, detail));
  }

  @Test
  void all_faults_are_found_in_one_pass() {
    assertThat(
            faults(
                """
                {"metrics": {"a": {"kind": 1, "x": 2}, "b": 3}, "strict": 4,
                 "commands": {"c": {"params": {"type": "t"}}}}
                """))
        .extracting(Fault::pointer)
        .containsExactlyInAnyOrder(
            "/metrics/a/x", "/metrics/a/kind", "/metrics/b", "/strict", "/commands/c/params/type");
  }

  @Test
  void the_refusal_names_the_first_fault_and_counts_the_others() {
    Refusal refusal = refusal("{\"strict\": 1, \"polling\": 2, \"twin\": 3}");

    assertThat(refusal.detail())
        .isEqualTo("the type: /twin must be an object, is 3; and 2 more faults");
  }

  @Test
  void a_huge_definition_is_refused() {
    String metrics =
        IntStream.range(0, 20_000)
            .mapToObj(i -> "\"m" + i + "\":{}")
            .collect(Collectors.joining(",", "{\"metrics\":{", "}}"));

    assertThat(refusal(metrics).kind()).isEqualTo(Refusal.ErrorCode.TOO_LARGE);
    assertThat(faults("{\"metrics\":{" + some(501) + "}}"))
        .containsExactly(new Fault("/metrics", "must have at most 500 members, has 501"));
  }

  private static String some(int metrics) {
    return IntStream.range(0, metrics)
        .mapToObj(i -> "\"m" + i + "\":{}")
        .collect(Collectors.joining(","));
  }

  private static List<Fault> faults(String document) {
    Refusal refusal = refusal(document);
    assertThat(refusal.kind()).isEqualTo(Refusal.ErrorCode.INVALID);
    return refusal.faults();
  }

  private static Refusal refusal(String document) {
    return catchThrowableOfType(Refusal.class, () -> TypeRules.of("type", json(document)));
  }
}

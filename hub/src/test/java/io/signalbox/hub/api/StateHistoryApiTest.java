package io.signalbox.hub.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.model.Value;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** History of values other than numbers: when each value held, and for how long. */
class StateHistoryApiTest {
  private static final String DEVICE = "/api/v1/devices/gate-2";
  private static final long T = TestHub.START;

  @StartHub private TestHub hub;

  @BeforeEach
  void store() {
    hub.device("gate-2");
    hub.store(
        "gate-2",
        List.of(
            TestHub.reading("open", T - 100_000, new Value.Flag(false)),
            TestHub.reading("open", T - 48_000, new Value.Flag(true)),
            TestHub.reading("open", T - 47_000, new Value.Flag(true)),
            TestHub.reading("mode", T - 30_000, new Value.Text("auto, slow")),
            TestHub.reading("t", T - 30_000, new Value.Num(21)),
            TestHub.reading("sent", T - 30_000, new Value.Text("21.5"))));
  }

  @Test
  void states_are_returned_with_durations_when_no_aggregate_is_given() {
    assertThat(history("metric=open&points=100&from=" + (T - 60_000)).is(200).body())
        .isEqualTo(
            ("{\"device\":\"gate-2\",\"metric\":\"open\",\"aggregate\":\"states\","
                    + "\"points\":[[%d,false,12000],[%d,true,48000]],"
                    + "\"totals\":[{\"value\":true,\"ms\":48000,\"count\":1},"
                    + "{\"value\":false,\"ms\":12000,\"count\":1}],"
                    + "\"otherMs\":0,\"reduced\":false,\"next\":null}")
                .formatted(T - 60_000, T - 48_000));
  }

  @Test
  void a_range_without_readings_shows_the_state_from_before() {
    JsonNode open = history("metric=open&points=10&from=" + (T - 10_000)).is(200).json();

    assertThat(open.path("points").toString()).isEqualTo("[[%d,true,10000]]".formatted(T - 10_000));
    JsonNode number = history("metric=t&points=10&from=" + (T - 10_000)).is(200).json();
    assertThat(number.path("aggregate").textValue()).isEqualTo("minmax");
    assertThat(number.path("points")).isEmpty();
  }

  @Test
  void a_numeric_aggregate_of_other_values_is_refused() {
    for (String aggregate : List.of("minmax", "avg", "lttb")) {
      for (String metric : List.of("open", "mode", "sent")) {
        JsonNode problem =
            history("metric=" + metric + "&points=10&aggregate=" + aggregate).is(400).json();
        assertThat(problem.path("detail").textValue())
            .isEqualTo(
                "%s has no numbers in this range; %s needs numbers, use states or last"
                    .formatted(metric, aggregate));
      }
    }
    assertThat(history("metric=none&points=10&aggregate=avg").is(200).json().path("points"))
        .as("a metric that never was")
        .isEmpty();
  }

  @Test
  void each_of_several_series_is_returned_in_its_own_form() {
    JsonNode all = history("points=10&from=" + (T - 60_000)).is(200).json();

    assertThat(all.findValuesAsText("metric")).containsExactly("mode", "open", "sent", "t");
    assertThat(all.findValuesAsText("aggregate"))
        .containsExactly("states", "states", "states", "minmax");
    JsonNode mean = history("points=10&aggregate=avg&from=" + (T - 60_000)).is(200).json();
    assertThat(mean.at("/1/points")).isEmpty();
    assertThat(mean.at("/1/detail").textValue()).startsWith("open has no numbers");
    assertThat(mean.at("/3/points")).hasSize(1);
  }

  @Test
  void numbers_can_be_states_too() {
    JsonNode held = history("metric=t&points=10&aggregate=states").is(200).json();

    assertThat(held.path("points").toString()).isEqualTo("[[%d,21,30000]]".formatted(T - 30_000));
  }

  @Test
  void csv_and_ndjson_have_the_duration() {
    String question = "aggregate=states&points=10&metric=open&metric=mode&from=" + (T - 60_000);

    assertThat(as("text/csv", question))
        .isEqualTo(
            "ts,metric,value,ms\r\n%d,open,false,12000\r\n%d,open,true,48000\r\n%d,mode,\"auto, slow\",30000\r\n"
                .formatted(T - 60_000, T - 48_000, T - 30_000));
    assertThat(as("application/x-ndjson", question))
        .startsWith(
            "{\"metric\":\"open\",\"ts\":%d,\"value\":false,\"ms\":12000}\n".formatted(T - 60_000));
  }

  private ApiResponse history(String question) {
    return hub.admin().get(DEVICE + "/telemetry?" + question);
  }

  private String as(String type, String question) {
    return hub.admin().with("Accept", type).get(DEVICE + "/telemetry?" + question).is(200).body();
  }
}

package io.signalbox.hub.api;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Marks of values that do not fit the type as it is now, in latest values and history. */
@SuppressWarnings("NullAway.Init") // set before each test
class MisfitsApiTest {
  private static final String DEVICE = "/api/v1/devices/v-1";
  private static final long START = TestHub.START;
  private static final String DETAIL = "must be a number, is the text \"off\"";

  @StartHub private TestHub hub;

  @BeforeEach
  void store() {
    hub.admin().post("/api/v1/devices", "{\"id\":\"v-1\",\"type\":\"valve\"}").is(201);
    hub.store(
        "v-1",
        List.of(
            flow(0, new Value.Num(1)),
            flow(1, new Value.Text("off")),
            flow(2, new Value.Num(2)),
            flow(3, new Value.Text("off")),
            TestHub.reading("note", START, new Value.Flag(true))));
    hub.now.advance(10_000);
  }

  private static Reading flow(int second, Value value) {
    return TestHub.reading("flow", START + second * 1_000L, value);
  }

  private void define(String strict, String metrics) {
    hub.admin()
        .put(
            "/api/v1/types/valve", "{\"strict\":\"" + strict + "\",\"metrics\":{" + metrics + "}}");
  }

  private void tag() {
    define("tag", "\"flow\":{\"kind\":\"number\"},\"note\":{}");
  }

  private JsonNode latest(String metric) {
    return hub.admin().get(DEVICE + "/telemetry/latest").is(200).json().at("/metrics/" + metric);
  }

  private JsonNode history(String query) {
    return hub.admin().get(DEVICE + "/telemetry?from=0&" + query).is(200).json();
  }

  private String text(String accept, String query) {
    return hub.admin()
        .with("Accept", accept)
        .get(DEVICE + "/telemetry?from=0&" + query)
        .is(200)
        .body();
  }

  private static String marks(long... seconds) {
    List<String> marks = new ArrayList<>();
    for (long second : seconds) {
      marks.add("[" + (START + second * 1_000) + ",\"" + DETAIL.replace("\"", "\\\"") + "\"]");
    }
    return marks.toString().replace(", [", ",[");
  }

  @Test
  void without_a_strict_type_nothing_is_marked() {
    assertThat(latest("flow").has("misfit")).isFalse();
    define("accept", "\"flow\":{\"kind\":\"number\"}");

    assertThat(latest("flow").has("misfit")).isFalse();
    assertThat(history("metric=flow").has("misfits")).isFalse();
    assertThat(text("application/x-ndjson", "metric=flow")).doesNotContain("misfit");
  }

  @Test
  void latest_values_say_what_is_wrong() {
    tag();

    assertThat(latest("flow").path("misfit").asText()).isEqualTo(DETAIL);
    assertThat(latest("note").has("misfit")).isFalse();
    define("tag", "\"flow\":{\"kind\":\"number\"}");
    assertThat(latest("note").path("misfit").asText())
        .isEqualTo("is not a metric of the type valve");
  }

  @Test
  void raw_readings_last_and_states_are_marked() {
    tag();

    assertThat(history("metric=flow").path("misfits").toString()).isEqualTo(marks(1, 3));
    assertThat(history("metric=note").has("misfits")).isFalse();
    String range = "metric=flow&to=" + (START + 4_000);
    JsonNode states = history(range + "&points=10&aggregate=states");
    assertThat(states.path("misfits").toString()).isEqualTo(marks(1, 3));
    JsonNode last = history(range + "&points=1&aggregate=last");
    assertThat(last.path("points")).hasSize(1);
    assertThat(last.path("misfits").toString()).isEqualTo(marks(3));
    assertThat(history(range + "&points=4&aggregate=minmax").has("misfits")).isFalse();
  }

  @Test
  void each_of_several_series_has_its_own_marks() {
    tag();
    hub.store("v-1", List.of(TestHub.reading("extra", START, new Value.Num(1))));

    JsonNode series = history("metric=flow&metric=note&metric=extra");

    assertThat(series.at("/0/misfits")).hasSize(2);
    assertThat(series.at("/1").has("misfits")).isFalse();
    assertThat(series.at("/2/misfits/0/1").asText()).isEqualTo("is not a metric of the type valve");
  }

  @Test
  void lines_have_a_mark_and_csv_stays_as_it_is() {
    String csv = text("text/csv", "metric=flow");
    tag();

    assertThat(text("application/x-ndjson", "metric=flow").lines())
        .filteredOn(line -> line.contains("\"misfit\":\"must be a number"))
        .hasSize(2)
        .allMatch(line -> line.contains("\"value\":\"off\""));
    assertThat(text("text/csv", "metric=flow")).isEqualTo(csv);
  }

  @Test
  void the_marks_of_a_series_are_bounded() {
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < JsonHistoryWriter.MAX_MISFITS + 5; i++) {
      readings.add(TestHub.reading("many", START + i, new Value.Num(i)));
    }
    hub.store("v-1", readings);
    tag();

    JsonNode series = history("metric=many");

    assertThat(series.path("points")).hasSize(readings.size());
    assertThat(series.path("misfits")).hasSize(JsonHistoryWriter.MAX_MISFITS);
  }

  @Test
  void old_readings_are_marked_by_a_type_that_refuses() {
    define("refuse", "\"flow\":{\"kind\":\"number\"}");

    assertThat(history("metric=flow").path("misfits")).hasSize(2);
  }

  @Test
  void correcting_the_type_corrects_the_marks() {
    tag();
    assertThat(latest("flow").has("misfit")).isTrue();

    define(
        "tag",
        "\"flow\":{\"kind\":\"enum\",\"values\":{\"off\":\"Off\",\"1\":\"One\",\"2\":\"\"}}");
    assertThat(latest("flow").has("misfit")).isTrue(); // a label is empty: the type is refused
    define(
        "tag",
        "\"flow\":{\"kind\":\"enum\",\"values\":{\"off\":\"Off\",\"1\":\"One\",\"2\":\"Two\"}}");
    assertThat(latest("flow").has("misfit")).isFalse();
    assertThat(history("metric=flow").has("misfits")).isFalse();
  }

  @Test
  void a_description_completes_the_type() {
    define("tag", "\"flow\":{\"kind\":\"number\"}");
    answer(
        hub.services.descriptions().put("v-1", "{\"metrics\":{\"note\":{\"kind\":\"boolean\"}}}"));
    assertThat(latest("note").has("misfit")).isFalse();

    answer(hub.services.descriptions().put("v-1", "{\"metrics\":{\"note\":{\"kind\":\"text\"}}}"));
    assertThat(latest("note").path("misfit").asText())
        .isEqualTo("must be a text, is the boolean true");
  }

  @Test
  void a_device_of_another_type_is_not_marked() {
    tag();
    hub.admin().patch(DEVICE, "{\"type\":\"pump\"}").is(200);

    assertThat(latest("flow").has("misfit")).isFalse();
    assertThat(hub.services.strict().isEmpty()).isFalse();
  }

  @Test
  void a_description_alone_is_not_strict() {
    answer(
        hub.services
            .descriptions()
            .put("v-1", "{\"strict\":\"tag\",\"metrics\":{\"flow\":{\"kind\":\"number\"}}}"));
    hub.admin().put("/api/v1/types/valve", "{\"metrics\":{\"note\":{}}}").is(201);
    assertThat(latest("flow").has("misfit")).isFalse();

    define("tag", "\"note\":{}");
    assertThat(latest("flow").path("misfit").asText()).isEqualTo(DETAIL);
  }
}

package io.signalbox.hub.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.websocket.RawWebSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Common payload errors of firmware, and how the hub reports or tolerates them. */
@SuppressWarnings("NullAway.Init") // set before each test
class PayloadErrorsTest {
  private static final AtomicInteger DEVICES = new AtomicInteger();
  private static final Duration DEADLINE = Duration.ofMinutes(3);

  @StartHub private static RunningHub hub;

  private String id;
  private TestHttpDevice device;

  @BeforeEach
  void register() {
    id = "firmware-" + DEVICES.incrementAndGet();
    device = new TestHttpDevice(hub.port(), hub.register(id));
  }

  private JsonNode latest(String metric) {
    return hub.latest(id).path(metric);
  }

  private void awaitRecorded(String words) {
    await()
        .atMost(DEADLINE)
        .until(
            () ->
                hub.get("/api/v1/devices/" + id + "/recorder?kind=message")
                    .toString()
                    .contains(words));
  }

  private String refused(String payload) {
    TestHttpDevice.Got got = device.post("telemetry", payload).is(400);
    return got.json().path("detail").asText();
  }

  @ParameterizedTest
  @CsvSource({
    "1764000000, looks like seconds; expected Unix milliseconds",
    "1764000000.125, looks like seconds; expected Unix milliseconds",
    "1764000000000000, looks like microseconds; expected Unix milliseconds",
    "1764000000000000000, looks like nanoseconds; expected Unix milliseconds",
    "4321, is before March 1973",
    "99999999999999, is more than 24 h ahead"
  })
  void a_timestamp_in_another_unit_is_refused_by_name(String ts, String words) {
    assertThat(refused("{\"ts\":" + ts + ",\"values\":{\"t\":1}}")).startsWith("ts " + words);
    awaitRecorded(words);
  }

  @ParameterizedTest
  @CsvSource({
    "s, 1764000000.125, 1764000000125",
    "ms, 1764000000125, 1764000000125",
    "us, 1764000000125000, 1764000000125",
    "ns, 1764000000125000000, 1764000000125",
    "s, '\"2025-11-24T17:00:00.125+0100\"', 1764000000125"
  })
  void a_request_may_name_the_unit(String unit, String ts, long millis) {
    device.post("telemetry?tsUnit=" + unit, "{\"ts\":" + ts + ",\"values\":{\"t\":1}}").is(202);

    assertThat(latest("t").path("ts").asLong()).isEqualTo(millis);
  }

  @Test
  void an_unknown_time_unit_is_refused() {
    String payload = "{\"ts\":1764000000000,\"values\":{\"t\":1}}";

    assertThat(device.post("telemetry?tsUnit=s", payload).is(400).json().path("detail").asText())
        .isEqualTo("ts looks like milliseconds; expected Unix seconds");
    assertThat(device.post("telemetry?tsUnit=min", payload).is(400).field()).isEqualTo("tsUnit");
  }

  @Test
  void the_recorder_notes_timestamps_in_seconds() {
    JsonNode exchanged =
        device
            .post("exchange", "{\"telemetry\":{\"ts\":1764000000,\"values\":{\"t\":1}}}")
            .is(200)
            .json();
    assertThat(exchanged.path("refused").get(0).path("field").asText()).isEqualTo("telemetry.ts");
    awaitRecorded("telemetry.ts looks like seconds");

    try (RawWebSocket socket = hub.device(id + "-key-of-at-least-24-characters")) {
      socket.nextMessage();
      socket.text("{\"type\":\"telemetry\",\"seq\":1,\"ts\":1764000000,\"values\":{\"t\":1}}");
      assertThat(socket.nextMessage().text()).contains("ts looks like seconds");
    }
    awaitRecorded("refused: ts looks like seconds");
  }

  @Test
  void a_null_is_skipped_and_counted_and_the_rest_is_kept() throws Exception {
    double before = skippedInAll();
    JsonNode taken = device.post("telemetry", "{\"t\":21.4,\"h\":null,\"p\":null}").is(202).json();

    assertThat(taken.path("accepted").asInt()).isEqualTo(1);
    assertThat(taken.path("skipped").asInt()).isEqualTo(2);
    assertThat(latest("t").path("value").asDouble()).isEqualTo(21.4);
    assertThat(latest("h").isMissingNode()).isTrue();
    JsonNode exchanged =
        device.post("exchange", "{\"telemetry\":{\"t\":22,\"h\":null}}").is(200).json();
    assertThat(exchanged.path("accepted").asInt()).isEqualTo(1);
    assertThat(exchanged.path("skipped").asInt()).isEqualTo(1);
    assertThat(device.post("telemetry", "{\"t\":1}").is(202).json().has("skipped")).isFalse();
    assertThat(skippedInAll() - before).isEqualTo(3);
  }

  private static double skippedInAll() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hub.port() + "/metrics"))
            .header("Authorization", "Bearer " + RunningHub.ADMIN_KEY)
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.ofLines())
        .body()
        .filter(line -> line.startsWith("signalbox_telemetry_values_skipped_total"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"t\":21,\"h\":nan}|line 1, column 1|h: nan is not a JSON number",
        "{\"t\":21,\"h\":inf}|line 1, column 1|h: inf is not a JSON number",
        "{\"values\":{\"h\":-nan}}|line 1, column 1|values.h: ",
        "[{\"values\":{\"h\":Inf}}]|line 1, column 1|[0].values.h: Inf is not a JSON number",
        "{\"t\":21,\"h\":NaN}|h must be a finite number|(line 1, column 13)",
        "{\"t\":21,\"h\":-Infinity}|h must be a finite number|(line 1, column 13)"
      })
  void an_invalid_number_is_refused_with_metric_and_column(String body, String a, String b) {
    assertThat(refused(body)).startsWith(a).contains(b);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"timestamp\":1764000000000,\"values\":{\"t\":1}}|timestamp",
        "{\"values\":{\"t\":1},\"Time\":\"2025-11-24T16:00:00Z\"}|Time",
        "{\"t\":1764000000000,\"values\":{\"t\":1}}|t",
        "{\"Ts\":1764000000000,\"values\":{\"t\":1}}|Ts"
      })
  void a_misnamed_timestamp_field_gets_a_hint(String payload, String field) {
    assertThat(refused(payload)).isEqualTo(field + " is not a known field; did you mean ts?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|the payload is empty; expected an object of metrics and values",
        "[]|the payload contains no readings; expected SenML records or",
        "{\"values\":{}}|values is empty; expected an object of metrics and values",
        "{\"a\":null}|the payload contains only null values",
        "5|the payload must be an object or an array; got a number"
      })
  void an_empty_payload_is_refused_with_the_expected_format(String payload, String words) {
    assertThat(refused(payload)).startsWith(words);
  }

  @Test
  void an_object_in_a_plain_payload_gets_a_link_to_the_agents_page() {
    String telegraf =
        "{\"fields\":{\"usage\":1},\"name\":\"cpu\",\"tags\":{\"host\":\"a\"},\"timestamp\":1764000000}";

    assertThat(refused(telegraf))
        .startsWith("fields contains an object")
        .contains("docs/agents.md");
    assertThat(refused("{\"metrics\":[" + telegraf + "]}"))
        .startsWith("metrics contains an object");
    device.post("telemetry", "{\"values\":{\"at\":{\"lat\":51.05}}}").is(202);
  }

  @Test
  void names_that_look_the_same_are_the_same_metric() throws Exception {
    String composed = "Temp\u00e9rature";
    String decomposed = "Tempe\u0301rature";
    try (RawWebSocket client = hub.openFeedSocket()) {
      client.nextMessage();
      client.text(
          "{\"type\":\"subscribe\",\"id\":1,\"topics\":[\"telemetry\"],\"devices\":[\""
              + id
              + "\"],\"metrics\":[\""
              + decomposed
              + "\"]}");
      client.nextMessage();
      device.post("telemetry", "{\"" + decomposed + "\":21.5}").is(202);
      assertThat(client.nextMessage().text()).contains(composed);
    }
    assertThat(latest(composed).path("value").asDouble()).isEqualTo(21.5);
    for (String name : new String[] {composed, decomposed}) {
      String metric = URLEncoder.encode(name, StandardCharsets.UTF_8);
      JsonNode history = hub.get("/api/v1/devices/" + id + "/telemetry?metric=" + metric);
      assertThat(history.path("points").size()).as(name).isEqualTo(1);
    }
  }

  @Test
  void a_query_accepts_the_iso_8601_forms_that_devices_send() {
    device.post("telemetry", "{\"ts\":\"20251124T160000Z\",\"values\":{\"t\":1}}").is(202);
    String history = "/api/v1/devices/" + id + "/telemetry?metric=t&";

    for (String range :
        new String[] {
          "from=20251124T160000Z&to=20251124T160001Z",
          "from=2025-11-24T17:00:00%2B0100&to=2025-11-24T17:00:01%2B01:00",
          "from=2025-11-24T17:00:00+0100&to=2025-11-24+16:00:01Z"
        }) {
      assertThat(hub.get(history + range).path("points").size()).as(range).isEqualTo(1);
    }
  }
}

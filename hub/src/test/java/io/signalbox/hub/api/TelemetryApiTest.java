package io.signalbox.hub.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.websocket.RawConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TelemetryApiTest {
  private static final String DEVICE = "/api/v1/devices/pump-7";
  private static final long T = TestHub.START;

  @StartHub private TestHub hub;

  @BeforeEach
  void register() {
    hub.device("pump-7");
  }

  @Test
  void latest_values_are_the_newest_of_each_metric() {
    hub.readings("pump-7", "t", 3);
    hub.store("pump-7", List.of(TestHub.reading("door", T, new Value.Flag(true))));

    JsonNode latest = hub.admin().get(DEVICE + "/telemetry/latest").is(200).json();

    assertThat(latest.path("device").textValue()).isEqualTo("pump-7");
    assertThat(latest.at("/metrics/t").toString())
        .isEqualTo("{\"ts\":" + (T + 2_000) + ",\"value\":2}");
    assertThat(latest.at("/metrics/door/value").booleanValue()).isTrue();
  }

  @Test
  void stored_data_is_summarised_by_metric() {
    hub.readings("pump-7", "t", 3);

    JsonNode metrics = hub.admin().get(DEVICE + "/metrics").is(200).json();

    assertThat(metrics.path("metrics").toString())
        .isEqualTo(
            "[{\"metric\":\"t\",\"first\":%d,\"last\":%d,\"count\":3}]".formatted(T, T + 2_000));
  }

  @Test
  void raw_history_is_every_reading_from_inclusive_to_exclusive() {
    hub.readings("pump-7", "t", 5);

    ApiResponse reply = history("metric=t&from=" + (T + 1_000) + "&to=" + (T + 3_000));

    assertThat(reply.body())
        .isEqualTo(
            "{\"device\":\"pump-7\",\"metric\":\"t\",\"points\":[[%d,1],[%d,2]],\"next\":null}"
                .formatted(T + 1_000, T + 2_000));
  }

  @Test
  void without_from_and_to_the_range_is_the_last_hour() {
    hub.store(
        "pump-7",
        List.of(
            TestHub.reading("t", T - 3_600_001, new Value.Num(1)),
            TestHub.reading("t", T - 3_600_000, new Value.Num(2)),
            TestHub.reading("t", T - 1, new Value.Num(3)),
            TestHub.reading("t", T, new Value.Num(4))));

    assertThat(history("metric=t").json().path("points").toString())
        .isEqualTo("[[%d,2],[%d,3]]".formatted(T - 3_600_000, T - 1));
  }

  @Test
  void times_may_be_iso_8601_even_with_an_unencoded_plus() {
    hub.readings("pump-7", "t", 3);

    for (String from : List.of("2025-11-24T16:00:01Z", "2025-11-24T17:00:01+01:00")) {
      JsonNode points =
          history("metric=t&from=" + from + "&to=" + (T + 10_000)).json().path("points");
      assertThat(points).as(from).hasSize(2);
    }
  }

  @Test
  void a_limit_cuts_a_page_and_returns_the_start_of_the_next() {
    hub.readings("pump-7", "t", 10_000);
    String range = "metric=t&limit=6000&to=" + (T + 100_000_000) + "&from=";

    JsonNode first = history(range + T).json();
    assertThat(first.path("points")).hasSize(6_000);
    assertThat(first.path("next").longValue()).isEqualTo(T + 6_000_000);
    JsonNode second = history(range + first.path("next").longValue()).json();
    assertThat(second.path("points")).hasSize(4_000);
    assertThat(second.at("/points/0/1").intValue()).isEqualTo(6_000);
    assertThat(second.path("next").isNull()).isTrue();
  }

  @Test
  void a_page_that_ends_with_the_range_has_no_next() {
    hub.readings("pump-7", "t", 4_096);

    JsonNode page = history("metric=t&limit=4096&from=" + T + "&to=" + (T + 4_096_000)).json();

    assertThat(page.path("points")).hasSize(4_096);
    assertThat(page.path("next").isNull()).isTrue();
  }

  @Test
  void a_reduced_series_of_numbers_costs_one_query_of_the_store() {
    hub.readings("pump-7", "t", 100);
    String range = "&points=10&from=" + T + "&to=" + (T + 100_000);

    for (String aggregate : List.of("", "&aggregate=avg", "&aggregate=last", "&aggregate=lttb")) {
      hub.telemetry.queries.set(0);
      assertThat(history("metric=t" + range + aggregate).json().path("points")).isNotEmpty();
      assertThat(hub.telemetry.queries).hasValue(1);
    }
  }

  @Test
  void several_metrics_are_an_array_and_an_unknown_one_is_empty() {
    hub.readings("pump-7", "t", 1);

    JsonNode both = history("metric=t&metric=p&from=" + T + "&to=" + (T + 1)).json();

    assertThat(both).hasSize(2);
    assertThat(both.at("/0/points")).hasSize(1);
    assertThat(both.at("/1/metric").textValue()).isEqualTo("p");
    assertThat(both.at("/1/points")).isEmpty();
    JsonNode all = history("from=" + T + "&to=" + (T + 1)).json();
    assertThat(all.at("/0/metric").textValue()).isEqualTo("t");
    hub.device("silent");
    assertThat(hub.admin().get("/api/v1/devices/silent/telemetry").is(200).body()).isEqualTo("[]");
  }

  @Test
  void values_of_every_type_are_returned_unchanged() {
    store(
        new Value.Num(21.4),
        new Value.Num(3),
        new Value.Num(-0.0),
        new Value.Num(1.0E300),
        new Value.Flag(false),
        new Value.Text("a \"b\", é\n"),
        new Value.Json("{\"x\":[1,2]}"));
    String range = "metric=t&from=" + T + "&to=" + (T + 100);

    assertThat(history(range).body())
        .contains(
            "[[%d,21.4],[%d,3],[%d,-0.0],[%d,1.0E300],[%d,false],[%d,\"a \\\"b\\\", é\\n\"],[%d,{\"x\":[1,2]}]]"
                .formatted(T, T + 1, T + 2, T + 3, T + 4, T + 5, T + 6));
    assertThat(as("text/csv", range).body().split("\r\n"))
        .containsExactly(
            "ts,metric,value",
            T + ",t,21.4",
            (T + 1) + ",t,3",
            (T + 2) + ",t,-0.0",
            (T + 3) + ",t,1.0E300",
            (T + 4) + ",t,false",
            (T + 5) + ",t,\"a \"\"b\"\", é\n\"",
            (T + 6) + ",t,\"{\"\"x\"\":[1,2]}\"");
    assertThat(as("application/x-ndjson", range).body())
        .startsWith("{\"metric\":\"t\",\"ts\":" + T + ",\"value\":21.4}\n")
        .endsWith("{\"metric\":\"t\",\"ts\":" + (T + 6) + ",\"value\":{\"x\":[1,2]}}\n");
  }

  @Test
  void csv_and_ndjson_stream_the_whole_range() {
    hub.readings("pump-7", "t", 30_000);
    String range = "metric=t&from=" + T + "&to=" + (T + 100_000_000);

    ApiResponse csv = as("text/csv", range);
    assertThat(csv.header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"pump-7-t.csv\"");
    assertThat(csv.body().lines()).hasSize(30_001);
    assertThat(csv.body()).endsWith((T + 29_999_000) + ",t,29999\r\n");
    assertThat(as("application/x-ndjson", range).body().lines()).hasSize(30_000);
  }

  @Test
  void points_keep_the_true_smallest_and_largest_reading() {
    hub.readings("pump-7", "t", 1_000);
    hub.store(
        "pump-7",
        List.of(
            TestHub.reading("t", T + 500_500, new Value.Num(-5)),
            TestHub.reading("t", T + 500_501, new Value.Num(9_999))));
    String range = "metric=t&points=10&from=" + T + "&to=" + (T + 1_000_000);

    JsonNode reduced = history(range).json();
    assertThat(reduced.path("points").size()).isBetween(10, 20);
    assertThat(reduced.path("points").toString()).contains(",-5]").contains(",9999]");
    assertThat(reduced.path("next").isNull()).isTrue();
    assertThat(history(range + "&aggregate=avg").json().path("points")).hasSize(10);
    assertThat(history(range + "&aggregate=last").json().path("points")).hasSize(10);
    assertThat(history(range + "&aggregate=lttb").json().path("points")).hasSize(10);
    assertThat(as("text/csv", range).body().lines().count()).isBetween(11L, 21L);
  }

  @Test
  void an_unavailable_media_type_is_refused_and_the_preferred_one_returned() {
    hub.admin()
        .with("Accept", "image/png")
        .get(DEVICE + "/telemetry")
        .refuses(406, "not-acceptable");
    ApiResponse best =
        hub.admin()
            .with("Accept", "application/json;q=0.5, text/csv")
            .get(DEVICE + "/telemetry?metric=t")
            .is(200);
    assertThat(best.type()).isEqualTo("text/csv");
    assertThat(best.header("Vary")).isEqualTo("Accept");
  }

  @Test
  void a_client_that_stops_reading_stops_reads_of_the_store() throws Exception {
    hub.readings("pump-7", "t", 1_000_000);
    int pages = 1_000_000 / 4_096;

    try (RawConnection connection = ask("metric=t&from=" + T + "&to=" + (T + 10_000_000_000L))) {
      assertThat(connection.body(1_000)).hasSize(1_000);
      untilReadsStop();

      assertThat(hub.telemetry.reads.get()).isLessThan(pages);
    }
    int whenItLeft = hub.telemetry.reads.get();
    untilReadsStop();
    assertThat(hub.telemetry.reads.get()).isLessThan(whenItLeft + 5);
  }

  /** Waits until two checks, a quarter of a second apart, find the same number of reads. */
  private void untilReadsStop() {
    AtomicInteger before = new AtomicInteger(-1);
    await()
        .pollInterval(Duration.ofMillis(250))
        .until(
            () -> {
              int now = hub.telemetry.reads.get();
              return before.getAndSet(now) == now;
            });
  }

  @Test
  void a_failure_during_a_response_aborts_it_visibly() throws Exception {
    hub.readings("pump-7", "t", 20_000);
    hub.telemetry.failFromRead = 3;

    try (RawConnection connection = ask("metric=t&from=" + T + "&to=" + (T + 100_000_000))) {
      String answer = connection.rest();

      assertThat(answer).startsWith("HTTP/1.1 200").doesNotEndWith("0\r\n\r\n");
    }
  }

  private RawConnection ask(String query) {
    return RawConnection.to(hub.port())
        .send(
            "GET %s/telemetry?%s HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(DEVICE, query, TestHub.ADMIN_KEY));
  }

  private void store(Value... values) {
    long ts = T;
    for (Value value : values) {
      hub.store("pump-7", List.of(TestHub.reading("t", ts++, value)));
    }
  }

  private ApiResponse history(String query) {
    return as("application/json", query);
  }

  private ApiResponse as(String type, String query) {
    return hub.admin().with("Accept", type).get(DEVICE + "/telemetry?" + query).is(200);
  }
}

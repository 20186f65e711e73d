package io.signalbox.hub.api;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.websocket.RawConnection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BulkRegistrationApiTest {
  private static final String DEVICES = "/api/v1/devices";
  private static final String NDJSON = "application/x-ndjson";

  @StartHub private TestHub hub;

  @Test
  void an_array_returns_a_result_per_device_in_its_order() {
    hub.device("taken");

    JsonNode items =
        hub.admin()
            .post(
                DEVICES,
                "[{\"id\":\"a\"},{\"id\":\"taken\"},{\"name\":\"no"
                    + " id\"},{\"id\":\"b\",\"labels\":3},{\"id\":\"c\"}]")
            .is(200)
            .json()
            .path("items");

    assertThat(items)
        .extracting(item -> item.path("status").intValue())
        .containsExactly(201, 409, 400, 400, 201);
    assertThat(items.at("/0/key").textValue()).startsWith("sbd_");
    assertThat(items.at("/1/error/code").textValue()).isEqualTo("device-exists");
    assertThat(items.at("/2/error/field").textValue()).isEqualTo("[2].id");
    assertThat(items.at("/3/id").textValue()).isEqualTo("b");
    assertThat(items.at("/3/error/field").textValue()).isEqualTo("[3].labels");
    assertThat(items.at("/4/status").intValue()).isEqualTo(201);
    String key = items.at("/4/key").textValue();
    assertThat(answer(hub.services.registry().authenticate(key)).id()).isEqualTo("c");
  }

  @Test
  void an_id_that_differs_only_in_case_is_accepted_with_a_warning() {
    assertThat(
            hub.admin()
                .post("/api/v1/devices", "{\"id\":\"pump-x\"}")
                .is(201)
                .json()
                .has("warnings"))
        .isFalse();
    JsonNode one = hub.admin().post("/api/v1/devices", "{\"id\":\"Pump-X\"}").is(201).json();
    assertThat(one.path("warnings"))
        .singleElement()
        .extracting(JsonNode::textValue)
        .isEqualTo("device pump-x exists, whose id differs only in case");

    JsonNode many =
        hub.admin()
            .post("/api/v1/devices", "[{\"id\":\"fan\"},{\"id\":\"FAN\"},{\"id\":\"vent\"}]")
            .is(200)
            .json()
            .path("items");
    assertThat(many.at("/0/warnings/0").textValue()).contains("device FAN");
    assertThat(many.at("/1/warnings/0").textValue()).contains("device fan");
    assertThat(many.get(2).has("warnings")).isFalse();
  }

  @Test
  void ndjson_is_answered_line_by_line() {
    List<JsonNode> lines =
        ndjson("{\"id\":\"a\"}\n\nnonsense\n{\"id\":\"a\"}\r\n17\n{\"id\":\"b\"}");

    assertThat(lines).hasSize(5);
    assertThat(lines.get(0).path("status").intValue()).isEqualTo(201);
    assertThat(lines.get(1).at("/error/code").textValue()).isEqualTo("malformed");
    assertThat(lines.get(1).at("/error/detail").textValue()).startsWith("line 3");
    assertThat(lines.get(2).at("/error/code").textValue()).isEqualTo("device-exists");
    assertThat(lines.get(3).at("/error/code").textValue()).isEqualTo("invalid");
    assertThat(lines.get(4).path("id").textValue()).isEqualTo("b");
  }

  @Test
  void many_thousand_devices_are_registered_in_one_call() {
    String body =
        IntStream.range(0, 20_000)
            .mapToObj("{\"id\":\"dev-%05d\",\"type\":\"meter\"}\n"::formatted)
            .collect(Collectors.joining());

    List<JsonNode> lines = ndjson(body);

    assertThat(lines).hasSize(20_000);
    assertThat(lines.getLast().path("id").textValue()).isEqualTo("dev-19999");
    assertThat(hub.services.registry().count()).isEqualTo(20_000);
  }

  @Test
  void an_array_over_one_mebibyte_is_accepted_but_not_too_many_devices() {
    String array =
        IntStream.range(0, 10_000)
            .mapToObj("{\"id\":\"dev-%05d\",\"name\":\"%<0100d\"}"::formatted)
            .collect(Collectors.joining(",", "[", "]"));

    JsonNode items = hub.admin().post(DEVICES, array).is(200).json().path("items");

    assertThat(items).hasSize(10_000);
    assertThat(items.at("/9999/status").intValue()).isEqualTo(201);
    String tooMany = "[" + "{},".repeat(10_000) + "{}]";
    hub.admin().post(DEVICES, tooMany).refuses(413, "too-large").withDetail("NDJSON");
  }

  @Test
  void a_line_that_is_too_long_is_refused_and_the_next_one_is_not() {
    String longLine = "{\"id\":\"a\",\"name\":\"" + "x".repeat(70_000) + "\"}";

    List<JsonNode> lines = ndjson(longLine + "\n{\"id\":\"b\"}\n");

    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).at("/error/code").textValue()).isEqualTo("too-large");
    assertThat(lines.get(1).path("status").intValue()).isEqualTo(201);
  }

  @Test
  void an_empty_body_returns_no_results() {
    assertThat(hub.admin().with("Content-Type", NDJSON).call("POST", DEVICES, "\n").is(200).body())
        .isEmpty();
  }

  @Test
  void a_body_over_the_limit_is_refused_before_it_is_read() {
    hub.admin()
        .with("Content-Type", NDJSON)
        .call("POST", DEVICES, " ".repeat(11 << 20))
        .refuses(413, "too-large");
  }

  @Test
  void lines_are_answered_while_the_rest_still_arrives() throws Exception {
    String line = "{\"id\":\"early\"}\n";
    String head =
        "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nAuthorization: Bearer %s\r\n"
            .formatted(DEVICES, NDJSON, TestHub.ADMIN_KEY);
    String chunk = "%x\r\n%s\r\n".formatted(line.length(), line);

    try (RawConnection connection =
        RawConnection.to(hub.port()).send(head + "Transfer-Encoding: chunked\r\n\r\n" + chunk)) {
      String early = connection.until("\"key\"");
      assertThat(early).startsWith("HTTP/1.1 200").contains("\"id\":\"early\"");

      connection.send("0\r\n\r\n");
      assertThat(connection.until("0\r\n\r\n")).isNotEmpty();
    }
  }

  @Test
  void a_stalled_body_ends_the_response_with_the_reason() throws Exception {
    String line = "{\"id\":\"early\"}\n";
    String head =
        "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: 1000\r\n"
            .formatted(DEVICES, NDJSON);

    String answer =
        RawConnection.exchange(
            hub.port(), head + "Authorization: Bearer " + TestHub.ADMIN_KEY + "\r\n\r\n" + line);

    assertThat(answer).contains("\"status\":201").contains("\"code\":\"timeout\"");
  }

  private List<JsonNode> ndjson(String body) {
    ApiResponse reply =
        hub.admin().with("Content-Type", NDJSON).call("POST", DEVICES, body).is(200);
    assertThat(reply.type()).isEqualTo(NDJSON);
    return reply.body().lines().map(ApiResponse::json).toList();
  }
}

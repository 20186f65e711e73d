package io.signalbox.hub.api;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.StartHub;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands, jobs and twins of devices whose type is defined. */
class TypedCommandsApiTest {
  private static final String VALVE = "/api/v1/types/valve";
  private static final String COMMANDS = "/api/v1/devices/v-1/commands";
  private static final String DESIRED = "/api/v1/devices/v-1/twin/desired";

  private static final String DOCUMENT =
      """
      {"commands": {
         "open": {"params": {"type": "object",
                    "properties": {"minutes": {"type": "integer", "minimum": 1, "maximum": 120}},
                    "required": ["minutes"], "additionalProperties": false},
                  "ttl": 60, "collapse": "valve"},
         "close": {}},
       "twin": {"desired": {"properties": {"mode": {"enum": ["auto", "manual"]}},
                            "additionalProperties": false}}}
      """;

  @StartHub private TestHub hub;

  @BeforeEach
  void define() {
    device("v-1", "valve");
    hub.admin().put(VALVE, DOCUMENT).is(201);
  }

  private void device(String id, String type) {
    String body = "{\"id\":\"%s\",\"type\":\"%s\"}".formatted(id, type);
    hub.admin().post("/api/v1/devices", body).is(201);
  }

  @Test
  void parameters_that_do_not_fit_are_refused_with_every_fault_and_nothing_is_queued() {
    JsonNode problem =
        hub.admin()
            .post(COMMANDS, "{\"name\":\"open\",\"params\":{\"minutes\":500,\"x\":1}}")
            .refuses(422, "invalid-params")
            .withField("params")
            .json();

    assertThat(problem.path("errors").toString())
        .isEqualTo(
            "[{\"pointer\":\"/minutes\",\"detail\":\"must be at most 120, is 500\"},"
                + "{\"pointer\":\"/x\",\"detail\":\"is not expected here\"}]");
    assertThat(problem.path("detail").asText())
        .isEqualTo(
            "params of 'open' do not fit the type valve: /minutes must be at most 120, is 500;"
                + " and 1 more fault");
    hub.admin().post(COMMANDS, "{\"name\":\"open\"}").refuses(422, "invalid-params");
    hub.admin()
        .with("Prefer", "wait=1")
        .post(COMMANDS, "{\"name\":\"open\"}")
        .refuses(422, "invalid-params");
    assertThat(hub.admin().get(COMMANDS).is(200).json().path("items")).isEmpty();
  }

  @Test
  void a_command_takes_the_defaults_of_its_type() {
    JsonNode command =
        hub.admin().post(COMMANDS, "{\"name\":\"open\",\"params\":{\"minutes\":5}}").is(202).json();
    assertThat(command.path("collapse").asText()).isEqualTo("valve");
    assertThat(command.path("expires").longValue() - command.path("created").longValue())
        .isEqualTo(60_000);

    JsonNode own =
        hub.admin()
            .post(
                COMMANDS,
                "{\"name\":\"open\",\"params\":{\"minutes\":5},\"ttl\":7,\"collapse\":\"k\"}")
            .is(202)
            .json();
    assertThat(own.path("collapse").asText()).isEqualTo("k");
    assertThat(own.path("expires").longValue() - own.path("created").longValue()).isEqualTo(7_000);
  }

  @Test
  void commands_that_the_type_does_not_describe_are_sent_as_before() {
    JsonNode command =
        hub.admin().post(COMMANDS, "{\"name\":\"blink\",\"params\":{\"x\":[1]}}").is(202).json();

    assertThat(command.path("expires").longValue() - command.path("created").longValue())
        .isEqualTo(3_600_000);
  }

  @Test
  void devices_without_a_type_and_undefined_types_are_not_validated() {
    hub.device("plain");
    device("odd", "unheard-of");

    for (String device : new String[] {"plain", "odd"}) {
      hub.admin().post("/api/v1/devices/" + device + "/commands", "{\"name\":\"open\"}").is(202);
    }
    hub.admin()
        .post("/api/v1/devices/nobody/commands", "{\"name\":\"open\"}")
        .refuses(404, "unknown-device");
  }

  @Test
  void a_changed_type_applies_to_new_commands_and_leaves_queued_ones_alone() {
    ApiResponse queued =
        hub.admin().post(COMMANDS, "{\"name\":\"open\",\"params\":{\"minutes\":100}}").is(202);

    hub.admin()
        .patch(
            VALVE,
            "{\"commands\":{\"open\":{\"params\":{\"properties\":{\"minutes\":{\"maximum\":30}}}}}}")
        .is(200);

    hub.admin()
        .post(COMMANDS, "{\"name\":\"open\",\"params\":{\"minutes\":100}}")
        .refuses(422, "invalid-params");
    assertThat(hub.admin().get(queued.header("Location")).json().path("state").asText())
        .isEqualTo("queued");
    hub.admin().delete(VALVE).is(204);
    hub.admin().post(COMMANDS, "{\"name\":\"open\",\"params\":{\"minutes\":100}}").is(202);
  }

  @Test
  void a_device_that_changes_its_type_is_validated_by_the_new_one() {
    hub.admin().post(COMMANDS, "{\"name\":\"open\"}").refuses(422, "invalid-params");

    hub.admin().patch("/api/v1/devices/v-1", "{\"type\":null}").is(200);
    hub.admin().post(COMMANDS, "{\"name\":\"open\"}").is(202);
    hub.admin().patch("/api/v1/devices/v-1", "{\"type\":\"valve\"}").is(200);
    hub.admin().post(COMMANDS, "{\"name\":\"open\"}").refuses(422, "invalid-params");
  }

  @Test
  void a_repeated_request_returns_the_first_command_though_the_defaults_have_changed() {
    String body = "{\"name\":\"open\",\"params\":{\"minutes\":5}}";
    String first =
        hub.admin()
            .with("Idempotency-Key", "one")
            .post(COMMANDS, body)
            .is(202)
            .json()
            .path("id")
            .asText();
    hub.admin().patch(VALVE, "{\"commands\":{\"open\":{\"ttl\":90}}}").is(200);

    JsonNode again = hub.admin().with("Idempotency-Key", "one").post(COMMANDS, body).is(202).json();

    assertThat(again.path("id").asText()).isEqualTo(first);
  }

  @Test
  void a_repeated_request_returns_the_first_command_though_it_would_not_fit_any_more() {
    String body = "{\"name\":\"open\",\"params\":{\"minutes\":100}}";
    JsonNode first = hub.admin().with("Idempotency-Key", "one").post(COMMANDS, body).is(202).json();
    String narrower = "{\"params\":{\"properties\":{\"minutes\":{\"maximum\":60}}}}";
    hub.admin().patch(VALVE, "{\"commands\":{\"open\":" + narrower + "}}").is(200);

    JsonNode again = hub.admin().with("Idempotency-Key", "one").post(COMMANDS, body).is(202).json();

    assertThat(again.path("id")).isEqualTo(first.path("id"));
    hub.admin()
        .with("Idempotency-Key", "two")
        .post(COMMANDS, body)
        .refuses(422, "invalid-params")
        .withField("params");
    assertThat(hub.admin().get(COMMANDS).is(200).json().path("items")).hasSize(1);
  }

  @Test
  void a_job_whose_parameters_do_not_fit_is_refused_as_a_whole() {
    device("v-2", "valve");
    device("p-1", "pump");
    String params = "\"name\":\"open\",\"params\":{\"minutes\":0}}";

    hub.admin()
        .post("/api/v1/commands", "{\"type\":\"valve\"," + params)
        .refuses(422, "invalid-params")
        .withDetail("/minutes must be at least 1, is 0");
    hub.admin()
        .post("/api/v1/commands", "{\"devices\":[\"p-1\",\"v-2\",\"nobody\"]," + params)
        .refuses(422, "invalid-params");
    assertThat(hub.admin().get("/api/v1/jobs").is(200).json().path("items")).isEmpty();
    hub.admin().post("/api/v1/commands", "{\"devices\":[\"p-1\",\"nobody\"]," + params).is(202);
  }

  @Test
  void each_command_of_a_job_takes_the_defaults_of_its_device() {
    hub.admin().patch(VALVE, "{\"commands\":{\"close\":{\"ttl\":50}}}").is(200);
    device("p-1", "pump");
    hub.device("plain");
    describe("v-1", "{\"commands\":{\"open\":{\"ttl\":9},\"close\":{\"collapse\":\"own\"}}}");
    describe(
        "p-1", "{\"commands\":{\"open\":{\"ttl\":7,\"collapse\":\"p\"},\"close\":{\"ttl\":8}}}");

    JsonNode opening = job("\"name\":\"open\",\"params\":{\"minutes\":5}");
    assertThat(opening.has("ttl")).isFalse();
    assertThat(opening.has("collapse")).isFalse();
    assertThat(defaults(opening, "v-1")).isEqualTo("60 valve");
    assertThat(defaults(opening, "p-1")).isEqualTo("7 p");
    assertThat(defaults(opening, "plain")).isEqualTo("3600 ");

    JsonNode closing = job("\"name\":\"close\",\"ttl\":30");
    assertThat(closing.path("ttl").intValue()).isEqualTo(30);
    assertThat(defaults(closing, "v-1")).isEqualTo("30 own");
    assertThat(defaults(closing, "p-1")).isEqualTo("30 ");

    JsonNode keyed = job("\"name\":\"open\",\"params\":{\"minutes\":5},\"collapse\":\"mine\"");
    assertThat(keyed.path("collapse").asText()).isEqualTo("mine");
    assertThat(defaults(keyed, "v-1")).isEqualTo("60 mine");
    assertThat(defaults(keyed, "plain")).isEqualTo("3600 mine");
  }

  private void describe(String device, String description) {
    answer(hub.services.descriptions().put(device, description));
  }

  /** A job for three devices, whose commands are made. */
  private JsonNode job(String command) {
    String body = "{\"devices\":[\"v-1\",\"p-1\",\"plain\"]," + command + "}";
    JsonNode job = hub.admin().post("/api/v1/commands", body).is(202).json();
    String path = "/api/v1/jobs/" + job.path("id").asText();
    await().until(() -> hub.admin().get(path).json().at("/counts/waiting").asInt() == 0);
    return hub.admin().get(path).is(200).json();
  }

  /** Time to live in seconds and collapse key of a device's command. */
  private String defaults(JsonNode job, String device) {
    String query = "/api/v1/commands?device=" + device + "&job=" + job.path("id").asText();
    JsonNode command = hub.admin().get(query).is(200).json().at("/items/0");
    long millis = command.path("expires").longValue() - command.path("created").longValue();
    return millis / 1_000 + " " + command.path("collapse").asText();
  }

  @Test
  void the_resulting_desired_state_is_validated() {
    hub.admin().patch(DESIRED, "{\"mode\":\"auto\"}").is(200);

    JsonNode problem =
        hub.admin()
            .patch(DESIRED, "{\"mode\":\"off\",\"extra\":1}")
            .refuses(422, "invalid-params")
            .withField("desired")
            .json();

    assertThat(problem.path("errors").findValuesAsText("pointer"))
        .containsExactlyInAnyOrder("/mode", "/extra");
    assertThat(hub.admin().get("/api/v1/devices/v-1/twin").json().at("/desired/version").intValue())
        .isEqualTo(1);
    hub.admin()
        .with("If-Match", "\"7-0\"")
        .patch(DESIRED, "{\"mode\":\"off\"}")
        .refuses(412, "precondition-failed");
    hub.admin().patch(DESIRED, "{\"mode\":null}").is(200);
  }
}

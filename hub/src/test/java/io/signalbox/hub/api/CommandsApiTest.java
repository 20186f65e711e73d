package io.signalbox.hub.api;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.StartHub;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.websocket.RawConnection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsApiTest {
  private static final String COMMANDS = "/api/v1/devices/pump-7/commands";
  private static final String ALL = "/api/v1/commands";
  private static final String SPEED = "{\"name\":\"set-speed\",\"params\":{\"rpm\":1200.50}}";

  @StartHub private TestHub hub;

  @BeforeEach
  void register() {
    hub.device("pump-7");
  }

  @Test
  void a_submitted_command_returns_202_with_its_id() {
    ApiResponse made = hub.admin().post(COMMANDS, SPEED).is(202);

    JsonNode command = made.json();
    assertThat(made.header("Location"))
        .isEqualTo("/api/v1/commands/" + command.path("id").textValue());
    assertThat(command.path("state").textValue()).isEqualTo("queued");
    assertThat(made.body()).contains("\"params\":{\"rpm\":1200.50}");
    assertThat(command.path("expires").longValue()).isEqualTo(TestHub.START + 3_600_000);
    assertThat(command.at("/timeline/0/by").textValue()).isEqualTo("admin");
    ApiResponse read = hub.admin().get(made.header("Location")).is(200);
    assertThat(read.json()).isEqualTo(command);
  }

  @Test
  void all_fields_of_a_command_are_returned() {
    String body =
        "{\"name\":\"x\",\"params\":null,\"ttl\":60,\"notBefore\":\"2025-11-24T16:00:30Z\","
            + "\"collapse\":\"speed\",\"metadata\":{\"ticket\":17}}";

    JsonNode command = hub.admin().post(COMMANDS, body).is(202).json();

    assertThat(command.path("params").toString()).isEqualTo("{}");
    assertThat(command.path("notBefore").longValue()).isEqualTo(TestHub.START + 30_000);
    assertThat(command.path("expires").longValue()).isEqualTo(TestHub.START + 90_000);
    assertThat(command.path("collapse").textValue()).isEqualTo("speed");
    assertThat(command.at("/metadata/ticket").intValue()).isEqualTo(17);
  }

  @Test
  void a_retry_with_the_same_idempotency_key_creates_no_second_command() {
    ApiClient caller = hub.admin().with("Idempotency-Key", "order-17");

    String first = caller.post(COMMANDS, SPEED).is(202).json().path("id").textValue();
    String again = caller.post(COMMANDS, SPEED).is(202).json().path("id").textValue();

    assertThat(again).isEqualTo(first);
    caller.post(COMMANDS, "{\"name\":\"other\"}").refuses(409, "conflict");
    assertThat(hub.admin().get(COMMANDS).is(200).json().path("items")).hasSize(1);
  }

  @Test
  void a_short_poll_without_changes_returns_304() {
    ApiResponse made = hub.admin().post(COMMANDS, SPEED).is(202);
    String place = made.header("Location");

    assertThat(made.header("ETag")).isEqualTo("\"1\"");
    ApiResponse same = hub.admin().with("If-None-Match", "\"1\"").get(place).is(304);
    assertThat(same.header("ETag")).isEqualTo("\"1\"");
    hub.admin().with("If-None-Match", "\"0\"").get(place).is(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"7\", \"1\"", "W/\"1\"", "\"1-gzip\", \"0\""})
  void a_poll_is_held_while_one_of_its_tags_is_current(String tags) throws Exception {
    String place = hub.admin().post(COMMANDS, SPEED).is(202).header("Location");
    CompletableFuture<ApiResponse> held =
        hub.admin().with("If-None-Match", tags).begin("GET", place + "?wait=30");
    await("the poll is held").until(() -> hub.services.commands().heldRequestCount() == 1);

    hub.admin().delete(place).is(200);

    assertThat(held.get(120, TimeUnit.SECONDS).is(200).header("ETag")).isEqualTo("\"2\"");
    hub.admin().with("If-None-Match", "\"7\", \"1\"").get(place + "?wait=30").is(200);
    hub.admin().with("If-None-Match", "\"7\", W/\"2\"").get(place).is(304);
  }

  @Test
  void a_long_poll_is_held_until_the_command_changes() throws Exception {
    String place = hub.admin().post(COMMANDS, SPEED).is(202).header("Location");
    CompletableFuture<ApiResponse> held =
        hub.admin().with("If-None-Match", "\"1\"").begin("GET", place + "?wait=30");

    Session session =
        answer(hub.services.sessions().open("pump-7", Transport.WEBSOCKET, "x", c -> {}));
    BlockingQueue<Command> delivered = new LinkedBlockingQueue<>();
    hub.services.commands().attach(session, delivered::add);

    JsonNode sent = held.get(120, TimeUnit.SECONDS).is(200).json();
    assertThat(sent.path("state").textValue()).isEqualTo("sent");
    assertThat(delivered.poll(120, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void a_long_poll_that_times_out_returns_not_modified() throws Exception {
    String place = hub.admin().post(COMMANDS, SPEED).is(202).header("Location");

    CompletableFuture<ApiResponse> held =
        hub.admin().with("If-None-Match", "\"1\"").begin("GET", place + "?wait=1");
    hub.admin().get(place).is(200);
    await("the wait is over").until(() -> passes(held));

    held.get(120, TimeUnit.SECONDS).is(304);
  }

  private boolean passes(CompletableFuture<ApiResponse> held) {
    hub.now.addAndGet(100);
    return held.isDone();
  }

  @Test
  void a_poll_with_an_older_state_is_answered_at_once() {
    String place = hub.admin().post(COMMANDS, SPEED).is(202).header("Location");

    hub.admin().get(place + "?wait=60&since=sent").is(200);
    hub.admin().get(place + "?wait=60&since=7").is(200);
  }

  @Test
  void prefer_wait_returns_200_with_the_finished_command() throws Exception {
    Session session =
        answer(hub.services.sessions().open("pump-7", Transport.WEBSOCKET, "x", c -> {}));
    hub.services.commands().attach(session, command -> succeed(session, command));

    ApiResponse done = hub.admin().with("Prefer", "wait=30").post(COMMANDS, SPEED).is(200);

    assertThat(done.header("Preference-Applied")).isEqualTo("wait=30");
    assertThat(done.json().path("state").textValue()).isEqualTo("succeeded");
    assertThat(done.json().at("/result/rpm").intValue()).isEqualTo(1_200);
    assertThat(done.header("Location")).endsWith(done.json().path("id").textValue());
  }

  private void succeed(Session session, Command command) {
    CommandResult result =
        new CommandResult(command.id(), Command.State.SUCCEEDED, "{\"rpm\":1200}", null);
    hub.services.commands().result(session, result).onFailure(AssertionError::new);
  }

  @Test
  void a_disconnected_client_ends_its_held_poll() {
    String place = hub.admin().post(COMMANDS, SPEED).is(202).header("Location");
    String request =
        "GET %s?wait=60 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
            .formatted(place, TestHub.ADMIN_KEY);
    RawConnection client = RawConnection.to(hub.port()).send(request);
    await("one waits").until(() -> waiting() == 1);

    client.close();

    await("nobody waits").until(() -> waiting() == 0);
  }

  private int waiting() {
    return hub.services.commands().heldRequestCount();
  }

  @Test
  void a_queued_command_can_be_cancelled_only_once() {
    String place = hub.admin().post(COMMANDS, SPEED).is(202).header("Location");

    JsonNode cancelled = hub.admin().delete(place).is(200).json();

    assertThat(cancelled.path("state").textValue()).isEqualTo("cancelled");
    hub.admin().delete(place).refuses(409, "command-finished");
  }

  @Test
  void commands_are_listed_newest_first_and_by_state() {
    String first = hub.admin().post(COMMANDS, SPEED).is(202).json().path("id").textValue();
    String second = hub.admin().post(COMMANDS, SPEED).is(202).json().path("id").textValue();
    hub.admin().delete("/api/v1/commands/" + first).is(200);

    JsonNode page = hub.admin().get(COMMANDS + "?limit=1").is(200).json();
    assertThat(page.at("/items/0/id").textValue()).isEqualTo(second);
    JsonNode rest =
        hub.admin().get(COMMANDS + "?cursor=" + page.path("next").textValue()).is(200).json();
    assertThat(rest.at("/items/0/id").textValue()).isEqualTo(first);
    JsonNode over =
        hub.admin().get(COMMANDS + "?state=cancelled,succeeded&state=failed").is(200).json();
    assertThat(over.path("items")).hasSize(1);
  }

  @Test
  void commands_of_all_devices_are_listed_and_filtered_by_device_job_and_state() {
    hub.device("fan-1");
    String first = hub.admin().post(COMMANDS, SPEED).is(202).json().path("id").textValue();
    String second =
        hub.admin()
            .post(COMMANDS.replace("pump-7", "fan-1"), SPEED)
            .is(202)
            .json()
            .path("id")
            .textValue();
    hub.admin().delete("/api/v1/commands/" + first).is(200);

    JsonNode all = hub.admin().get(ALL + "?limit=1").is(200).json();
    assertThat(all.at("/items/0/id").textValue()).isEqualTo(second);
    assertThat(all.has("total")).isFalse();
    JsonNode rest = hub.admin().get(ALL + "?cursor=" + all.path("next").textValue()).is(200).json();
    assertThat(rest.at("/items/0/id").textValue()).isEqualTo(first);
    assertThat(rest.path("next").isNull()).isTrue();

    assertThat(ids(ALL + "?state=queued,sent")).containsExactly(second);
    assertThat(ids(ALL + "?device=pump-7")).containsExactly(first);
    assertThat(ids(ALL + "?device=pump-7&state=queued")).isEmpty();
    hub.admin().get(ALL + "?device=nobody").refuses(404, "unknown-device");
    assertThat(ids(ALL + "?job=none")).isEmpty();
  }

  private List<String> ids(String list) {
    JsonNode page = hub.admin().get(list).is(200).json();
    return page.path("items").findValuesAsText("id");
  }

  @Test
  void a_list_of_commands_refuses_unknown_parameters() {
    hub.admin().get(ALL + "?state=lost").refuses(400, "invalid").withField("state");
    hub.admin().get(ALL + "?cursor=!").refuses(400, "invalid").withField("cursor");
    hub.admin().get(ALL + "?colour=red").refuses(400, "invalid").withField("colour");
    hub.admin().get(ALL + "?limit=1001").refuses(400, "invalid");
    hub.program(Scope.TELEMETRY_READ).get(ALL).refuses(403, "forbidden");
    hub.admin().get("/api/v1/devices/nobody/commands").refuses(404, "unknown-device");
  }

  @Test
  void a_deleted_device_has_no_unfinished_command_and_keeps_its_recorder_entries() {
    String id = hub.admin().post(COMMANDS, SPEED).is(202).json().path("id").textValue();

    hub.admin().delete("/api/v1/devices/pump-7").is(204);

    JsonNode left = hub.admin().get("/api/v1/commands/" + id).is(200).json();
    assertThat(left.path("state").textValue()).isEqualTo("cancelled");
    assertThat(left.at("/timeline/1/reason").textValue()).isEqualTo("the device was deleted");
    assertThat(ids(ALL)).containsExactly(id);
    hub.admin().post(COMMANDS, SPEED).refuses(404, "unknown-device");
    hub.admin().get(COMMANDS).refuses(404, "unknown-device");
    hub.admin().delete("/api/v1/devices/pump-7").refuses(404, "unknown-device");
  }

  @Test
  void a_device_registered_again_does_not_inherit_idempotency_keys() {
    ApiClient caller = hub.admin().with("Idempotency-Key", "order-17");
    String former = caller.post(COMMANDS, SPEED).is(202).json().path("id").textValue();
    hub.admin().delete("/api/v1/devices/pump-7").is(204);
    hub.device("pump-7");

    JsonNode made = caller.post(COMMANDS, SPEED).is(202).json();

    assertThat(made.path("id").textValue()).isNotEqualTo(former);
    assertThat(made.path("state").textValue()).isEqualTo("queued");
  }

  @Test
  void a_command_to_a_disabled_device_waits_until_it_is_enabled() {
    hub.admin().patch("/api/v1/devices/pump-7", "{\"enabled\":false}").is(200);

    JsonNode made = hub.admin().post(COMMANDS, SPEED).is(202).json();
    assertThat(made.path("state").textValue()).isEqualTo("queued");
    assertThat(made.has("expectedBy")).isFalse();

    hub.admin().patch("/api/v1/devices/pump-7", "{\"enabled\":true}").is(200);
    Session session =
        answer(hub.services.sessions().open("pump-7", Transport.WEBSOCKET, "x", c -> {}));
    BlockingQueue<Command> delivered = new LinkedBlockingQueue<>();
    hub.services.commands().attach(session, delivered::add);
    await("it is delivered").until(() -> delivered.size() == 1);
  }

  @Test
  void a_delivered_command_cannot_be_cancelled_and_the_error_names_the_reason() {
    Session session =
        answer(hub.services.sessions().open("pump-7", Transport.WEBSOCKET, "x", c -> {}));
    BlockingQueue<Command> delivered = new LinkedBlockingQueue<>();
    hub.services.commands().attach(session, delivered::add);
    String place = hub.admin().post(COMMANDS, SPEED).is(202).header("Location");
    await("it is delivered").until(() -> delivered.size() == 1);

    JsonNode refusal = hub.admin().delete(place).refuses(409, "conflict").json();

    assertThat(refusal.path("detail").textValue()).contains("was already sent to the device");
    assertThat(hub.admin().get(place).is(200).json().path("state").textValue()).isEqualTo("sent");
    hub.admin().delete("/api/v1/commands/nothing").refuses(404, "unknown-command");
  }

  @Test
  void too_many_commands_for_one_device_are_refused() {
    for (int i = 0; i < 50; i++) {
      hub.admin().post(COMMANDS, SPEED).is(202);
    }

    hub.admin().post(COMMANDS, SPEED).refuses(429, "queue-full");
  }

  @Test
  void a_command_scope_key_can_read_its_jobs() {
    ApiClient program = hub.program(Scope.COMMANDS_WRITE);

    String place = program.post(COMMANDS, SPEED).is(202).header("Location");

    program.get(place).is(200);
    program.get("/api/v1/devices/pump-7").refuses(403, "forbidden");
  }
}

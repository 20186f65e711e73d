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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JobsApiTest {
  private static final String COMMANDS = "/api/v1/commands";
  private static final String JOBS = "/api/v1/jobs";
  private static final String BOTH =
      "{\"devices\":[\"pump-7\",\"pump-8\"],\"name\":\"set-speed\",\"params\":{\"rpm\":1200.50}}";

  @StartHub private TestHub hub;

  @BeforeEach
  void register() {
    hub.device("pump-7");
    hub.device("pump-8");
  }

  @Test
  void a_submitted_job_returns_202_with_its_id() {
    ApiResponse made = hub.admin().post(COMMANDS, BOTH).is(202);

    JsonNode job = made.json();
    assertThat(made.header("Location")).isEqualTo(JOBS + "/" + id(job));
    assertThat(made.header("ETag")).isEqualTo("\"1\"");
    assertThat(made.body()).contains("\"params\":{\"rpm\":1200.50}");
    assertThat(job.path("state").textValue()).isEqualTo("running");
    assertThat(job.path("by").textValue()).isEqualTo("admin");
    assertThat(job.has("ttl")).isFalse();
    assertThat(job.at("/devices/total").intValue()).isEqualTo(2);
    assertThat(job.at("/counts/waiting").intValue()).isEqualTo(2);
    stands(made.header("Location"), "queued", 2);
  }

  @Test
  void all_fields_of_a_job_are_returned() {
    hub.admin()
        .post(
            "/api/v1/devices",
            "{\"id\":\"fan-1\",\"type\":\"fan\",\"labels\":{\"site\":\"ghent\"}}")
        .is(201);
    String body =
        "{\"labels\":{\"site\":\"ghent\"},\"type\":\"fan\",\"name\":\"x\",\"ttl\":60,"
            + "\"notBefore\":\"2025-11-24T16:00:30Z\",\"collapse\":\"speed\","
            + "\"metadata\":{\"ticket\":17},\"maxConcurrent\":5,\"abort\":{\"failureRate\":0.25}}";

    JsonNode job = hub.admin().post(COMMANDS, body).is(202).json();

    assertThat(job.path("notBefore").longValue()).isEqualTo(TestHub.START + 30_000);
    assertThat(job.path("ttl").intValue()).isEqualTo(60);
    assertThat(job.path("collapse").textValue()).isEqualTo("speed");
    assertThat(job.at("/metadata/ticket").intValue()).isEqualTo(17);
    assertThat(job.path("maxConcurrent").intValue()).isEqualTo(5);
    assertThat(job.path("abort").toString()).isEqualTo("{\"failureRate\":0.25,\"minFinished\":10}");
    assertThat(job.path("devices").toString())
        .isEqualTo("{\"total\":1,\"type\":\"fan\",\"labels\":{\"site\":\"ghent\"}}");
    stands(JOBS + "/" + id(job), "queued", 1);
    JsonNode command =
        hub.admin().get("/api/v1/devices/fan-1/commands").is(200).json().at("/items/0");
    assertThat(command.path("job").textValue()).isEqualTo(id(job));
    assertThat(command.path("collapse").textValue()).isEqualTo("speed");
    assertThat(command.path("expires").longValue()).isEqualTo(TestHub.START + 90_000);
  }

  @Test
  void a_retry_with_the_same_idempotency_key_creates_no_second_job() {
    ApiClient caller = hub.admin().with("Idempotency-Key", "order-17");

    String first = id(caller.post(COMMANDS, BOTH).is(202).json());

    assertThat(id(caller.post(COMMANDS, BOTH).is(202).json())).isEqualTo(first);
    caller
        .post(COMMANDS, "{\"devices\":[\"pump-7\"],\"name\":\"x\"}")
        .refuses(409, "conflict")
        .withField("Idempotency-Key");
    assertThat(hub.admin().get(JOBS).is(200).json().path("items")).hasSize(1);
  }

  @Test
  void prefer_wait_returns_200_with_the_finished_job() {
    connect("pump-7", Command.State.SUCCEEDED);
    connect("pump-8", Command.State.REJECTED);

    ApiResponse done = hub.admin().with("Prefer", "wait=30").post(COMMANDS, BOTH).is(200);

    assertThat(done.header("Preference-Applied")).isEqualTo("wait=30");
    assertThat(done.json().path("state").textValue()).isEqualTo("done");
    assertThat(done.json().at("/counts/succeeded").intValue()).isEqualTo(1);
    assertThat(done.json().at("/counts/rejected").intValue()).isEqualTo(1);
    assertThat(done.json().has("ended")).isTrue();
  }

  @Test
  void a_short_poll_without_changes_returns_304() {
    String place = hub.admin().post(COMMANDS, BOTH).is(202).header("Location");
    stands(place, "queued", 2);
    String tag = hub.admin().get(place).is(200).header("ETag");

    hub.admin().with("If-None-Match", tag).get(place).is(304);
    hub.admin().with("If-None-Match", "\"0\"").get(place).is(200);
  }

  @Test
  void a_long_poll_is_held_until_the_job_changes() throws Exception {
    String place = hub.admin().post(COMMANDS, BOTH).is(202).header("Location");
    stands(place, "queued", 2);
    String tag = hub.admin().get(place).is(200).header("ETag");
    CompletableFuture<ApiResponse> held =
        hub.admin().with("If-None-Match", tag).begin("GET", place + "?wait=30");

    hub.admin().delete(place).is(200);

    JsonNode changed = held.get(120, TimeUnit.SECONDS).is(200).json();
    assertThat(changed.path("state").textValue()).isEqualTo("cancelled");
    hub.admin().get(place + "?wait=30&since=running").is(200);
  }

  @Test
  void a_long_poll_that_times_out_returns_not_modified() throws Exception {
    String place = hub.admin().post(COMMANDS, BOTH).is(202).header("Location");
    stands(place, "queued", 2);
    String tag = hub.admin().get(place).is(200).header("ETag");

    CompletableFuture<ApiResponse> held =
        hub.admin().with("If-None-Match", tag).begin("GET", place + "?wait=1");
    hub.admin().get(place).is(200);
    await("the wait is over").until(() -> passes(held));

    held.get(120, TimeUnit.SECONDS).is(304);
  }

  private boolean passes(CompletableFuture<ApiResponse> held) {
    hub.now.addAndGet(100);
    return held.isDone();
  }

  @Test
  void a_job_can_be_cancelled_once() {
    String place = hub.admin().post(COMMANDS, BOTH).is(202).header("Location");
    stands(place, "queued", 2);

    JsonNode cancelled = hub.admin().delete(place).is(200).json();

    assertThat(cancelled.path("state").textValue()).isEqualTo("cancelled");
    assertThat(cancelled.path("reason").textValue()).isEqualTo("cancelled by admin");
    stands(place, "cancelled", 2);
    hub.admin().delete(place).refuses(409, "job-finished");
  }

  @Test
  void executions_list_the_outcome_per_device() {
    String body = "{\"devices\":[\"nobody\",\"pump-8\",\"pump-7\"],\"name\":\"x\"}";
    String place = hub.admin().post(COMMANDS, body).is(202).header("Location");
    stands(place, "refused", 1);
    stands(place, "queued", 2);

    JsonNode page = hub.admin().get(place + "/commands?limit=2").is(200).json();
    assertThat(page.path("total").intValue()).isEqualTo(3);
    assertThat(page.at("/items/0").toString())
        .isEqualTo(
            "{\"device\":\"nobody\",\"state\":\"refused\",\"error\":{\"code\":\"unknown-device\","
                + "\"message\":\"there is no device nobody\"}}");
    String command = page.at("/items/1/command").textValue();
    hub.admin().get("/api/v1/commands/" + command).is(200);
    String next = place + "/commands?cursor=" + page.path("next").textValue();
    assertThat(hub.admin().get(next).is(200).json().at("/items/0/device").textValue())
        .isEqualTo("pump-7");
    JsonNode some = hub.admin().get(place + "/commands?state=refused,failed").is(200).json();
    assertThat(some.path("total").intValue()).isEqualTo(1);
  }

  @Test
  void jobs_are_listed_newest_first_and_by_state() {
    String first = id(hub.admin().post(COMMANDS, BOTH).is(202).json());
    String second = id(hub.admin().post(COMMANDS, BOTH).is(202).json());
    hub.admin().delete(JOBS + "/" + first).is(200);

    JsonNode page = hub.admin().get(JOBS + "?limit=1").is(200).json();
    assertThat(page.at("/items/0/id").textValue()).isEqualTo(second);
    String next = JOBS + "?cursor=" + page.path("next").textValue();
    assertThat(hub.admin().get(next).is(200).json().at("/items/0/id").textValue()).isEqualTo(first);
    JsonNode over = hub.admin().get(JOBS + "?state=cancelled&state=done").is(200).json();
    assertThat(over.path("items")).hasSize(1);
  }

  @Test
  void a_large_list_of_devices_is_accepted() {
    String ids =
        IntStream.range(0, 60_000)
            .mapToObj(i -> "\"device-with-a-long-name-%06d\"".formatted(i))
            .collect(Collectors.joining(","));

    ApiResponse made =
        hub.admin().post(COMMANDS, "{\"name\":\"x\",\"devices\":[" + ids + "]}").is(202);

    assertThat(made.json().at("/devices/total").intValue()).isEqualTo(60_000);
    hub.admin().delete(made.header("Location")).is(200);
  }

  @Test
  void a_read_scope_key_can_list_but_not_create_jobs() {
    ApiClient reader = hub.program(Scope.DEVICES_READ);
    String place =
        hub.program(Scope.COMMANDS_WRITE).post(COMMANDS, BOTH).is(202).header("Location");

    reader.get(place).is(200);
    reader.get(place + "/commands").is(200);
    reader.get(JOBS).is(200);
    reader.post(COMMANDS, BOTH).refuses(403, "forbidden");
    reader.delete(place).refuses(403, "forbidden");
  }

  private void stands(String place, String state, int devices) {
    await(devices + " " + state)
        .until(
            () -> hub.admin().get(place).is(200).json().path("counts").path(state).intValue(),
            count -> count == devices);
  }

  private static String id(JsonNode job) {
    return job.path("id").textValue();
  }

  /** Connects a device that answers each command at once. */
  private void connect(String device, Command.State status) {
    Session session =
        answer(hub.services.sessions().open(device, Transport.WEBSOCKET, "x", close -> {}));
    hub.services
        .commands()
        .attach(
            session,
            command ->
                hub.services
                    .commands()
                    .result(session, new CommandResult(command.id(), status, null, null)));
  }
}

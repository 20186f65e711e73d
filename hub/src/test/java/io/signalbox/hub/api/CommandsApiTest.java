package io.signalbox.hub.api;

import static io.signalbox.hub.store.Answers.answer;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.access.Scope;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Transport;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsApiTest {
  private static final String COMMANDS = "/api/v1/devices/pump-7/commands";
  private static final String SPEED = "{\"name\":\"set-speed\",\"params\":{\"rpm\":1200.50}}";

  @TempDir Path directory;
  private TestHub hub;

  @BeforeEach
  void open() {
    hub = new TestHub(directory);
    hub.device("pump-7");
  }

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  void a_command_is_answered_202_with_the_token_to_ask_with() {
    Reply made = hub.admin().post(COMMANDS, SPEED).is(202);

    JsonNode command = made.json();
    assertThat(made.header("Location"))
        .isEqualTo("/api/v1/commands/" + command.path("id").textValue());
    assertThat(command.path("state").textValue()).isEqualTo("queued");
    assertThat(made.body()).contains("\"params\":{\"rpm\":1200.50}");
    assertThat(command.path("expires").longValue()).isEqualTo(TestHub.START + 3_600_000);
    assertThat(command.at("/timeline/0/by").textValue()).isEqualTo("admin");
    Reply read = hub.admin().get(made.header("Location")).is(200);
    assertThat(read.json()).isEqualTo(command);
  }

  @Test
  void all_that_a_command_may_carry_comes_back() {
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
  void a_retry_with_the_same_idempotency_key_makes_no_second_command() {
    Caller caller = hub.admin().with("Idempotency-Key", "order-17");

    String first = caller.post(COMMANDS, SPEED).is(202).json().path("id").textValue();
    String again = caller.post(COMMANDS, SPEED).is(202).json().path("id").textValue();

    assertThat(again).isEqualTo(first);
    caller.post(COMMANDS, "{\"name\":\"other\"}").refuses(409, "conflict");
    assertThat(hub.admin().get(COMMANDS).is(200).json().path("items")).hasSize(1);
  }

  @Test
  void a_short_poll_that_brings_nothing_new_is_304() {
    Reply made = hub.admin().post(COMMANDS, SPEED).is(202);
    String place = made.header("Location");

    assertThat(made.header("ETag")).isEqualTo("\"1\"");
    Reply same = hub.admin().with("If-None-Match", "\"1\"").get(place).is(304);
    assertThat(same.header("ETag")).isEqualTo("\"1\"");
    hub.admin().with("If-None-Match", "\"0\"").get(place).is(200);
  }

  @Test
  void a_long_poll_is_held_until_the_command_changes() throws Exception {
    String place = hub.admin().post(COMMANDS, SPEED).is(202).header("Location");
    CompletableFuture<Reply> held =
        hub.admin().with("If-None-Match", "\"1\"").begin("GET", place + "?wait=30");

    Session session =
        answer(hub.rooms.presences().open("pump-7", Transport.WEBSOCKET, "x", c -> {}));
    BlockingQueue<Command> delivered = new LinkedBlockingQueue<>();
    hub.rooms.commands().attach(session, delivered::add);

    JsonNode sent = held.get(20, TimeUnit.SECONDS).is(200).json();
    assertThat(sent.path("state").textValue()).isEqualTo("sent");
    assertThat(delivered.poll(20, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void a_long_poll_in_vain_says_that_nothing_has_changed() throws Exception {
    String place = hub.admin().post(COMMANDS, SPEED).is(202).header("Location");

    CompletableFuture<Reply> held =
        hub.admin().with("If-None-Match", "\"1\"").begin("GET", place + "?wait=1");
    hub.admin().get(place).is(200);
    Eventually.holds("the wait is over", () -> passes(held));

    held.get(1, TimeUnit.SECONDS).is(304);
  }

  private boolean passes(CompletableFuture<Reply> held) {
    hub.now.addAndGet(100);
    return held.isDone();
  }

  @Test
  void a_poll_that_names_an_older_state_is_answered_at_once() {
    String place = hub.admin().post(COMMANDS, SPEED).is(202).header("Location");

    hub.admin().get(place + "?wait=60&since=sent").is(200);
    hub.admin().get(place + "?wait=60&since=7").is(200);
  }

  @Test
  void who_prefers_to_wait_is_answered_200_with_the_finished_command() throws Exception {
    Session session =
        answer(hub.rooms.presences().open("pump-7", Transport.WEBSOCKET, "x", c -> {}));
    hub.rooms.commands().attach(session, command -> succeed(session, command));

    Reply done = hub.admin().with("Prefer", "wait=30").post(COMMANDS, SPEED).is(200);

    assertThat(done.header("Preference-Applied")).isEqualTo("wait=30");
    assertThat(done.json().path("state").textValue()).isEqualTo("succeeded");
    assertThat(done.json().at("/result/rpm").intValue()).isEqualTo(1_200);
    assertThat(done.header("Location")).endsWith(done.json().path("id").textValue());
  }

  private void succeed(Session session, Command command) {
    CommandResult result =
        new CommandResult(command.id(), Command.State.SUCCEEDED, "{\"rpm\":1200}", null);
    hub.rooms.commands().result(session, result).onFailure(AssertionError::new);
  }

  @Test
  void a_client_that_goes_away_is_waited_for_no_longer() throws Exception {
    String place = hub.admin().post(COMMANDS, SPEED).is(202).header("Location");
    try (Socket socket =
        RawCall.to(hub.port())
            .connect(
                "GET %s?wait=60 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
                    .formatted(place, TestHub.ADMIN_KEY))) {
      Eventually.holds("one waits", () -> waiting() == 1);
      assertThat(socket.isConnected()).isTrue();
    }

    Eventually.holds("nobody waits", () -> waiting() == 0);
  }

  private int waiting() {
    return answer(hub.rooms.commands().waiting());
  }

  @Test
  void a_queued_command_can_be_taken_back_but_only_once() {
    String place = hub.admin().post(COMMANDS, SPEED).is(202).header("Location");

    JsonNode cancelled = hub.admin().delete(place).is(200).json();

    assertThat(cancelled.path("state").textValue()).isEqualTo("cancelled");
    hub.admin().delete(place).refuses(409, "command-over");
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
  void too_many_commands_for_one_device_are_refused() {
    for (int i = 0; i < 50; i++) {
      hub.admin().post(COMMANDS, SPEED).is(202);
    }

    hub.admin().post(COMMANDS, SPEED).refuses(429, "queue-full");
  }

  @Test
  void who_may_only_command_can_follow_what_it_asked_for() {
    Caller program = hub.program(Scope.COMMANDS_WRITE);

    String place = program.post(COMMANDS, SPEED).is(202).header("Location");

    program.get(place).is(200);
    program.get("/api/v1/devices/pump-7").refuses(403, "forbidden");
  }
}

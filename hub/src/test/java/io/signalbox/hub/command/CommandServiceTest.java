package io.signalbox.hub.command;

import static io.signalbox.hub.command.CommandFixture.DEVICE;
import static io.signalbox.hub.command.CommandFixture.OTHER;
import static io.signalbox.hub.command.CommandFixture.request;
import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.command.CommandFixture.TestConnection;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandServiceTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  @AutoClose private final CommandFixture fixture;

  CommandServiceTest(@TempDir Path scratch) {
    fixture = new CommandFixture(scratch, CommandFixture.SETTINGS);
  }

  @Test
  void an_expired_command_states_how_far_it_got() {
    CommandRequest brief =
        new CommandRequest("x", "{}", Duration.ofSeconds(1), null, null, null, null);
    Command away = answer(fixture.commands().submit(DEVICE, brief, "ann"));
    TestConnection other = fixture.connect(OTHER);
    Command silent = answer(fixture.commands().submit(OTHER, brief, "ann"));
    Command slow = answer(fixture.commands().submit(OTHER, brief, "ann"));
    answer(other.says(slow.id(), State.ACCEPTED));

    fixture.pass(Duration.ofMillis(999));
    assertThat(fixture.get(away.id()).state()).isEqualTo(State.QUEUED);
    fixture.pass(Duration.ofMillis(1));

    assertThat(List.of(away, silent, slow))
        .extracting(command -> fixture.get(command.id()).state())
        .containsOnly(State.EXPIRED);
    assertThat(fixture.get(away.id()).error()).isEqualTo("not delivered in time");
    assertThat(fixture.get(silent.id()).error()).isEqualTo("sent, but not answered in time");
    assertThat(fixture.get(slow.id()).error()).isEqualTo("accepted, but no result arrived in time");
    assertThat(refusal(other.says(slow.id(), State.SUCCEEDED)).kind())
        .isEqualTo(ErrorCode.COMMAND_FINISHED);
  }

  @Test
  void a_queue_has_a_limit() {
    IntStream.range(0, 5).forEach(i -> fixture.submit("queued"));

    assertThat(refusal(fixture.commands().submit(DEVICE, request("more"), "ann")).kind())
        .isEqualTo(ErrorCode.QUEUE_FULL);
    answer(fixture.commands().submit(OTHER, request("another's"), "ann"));

    TestConnection line = fixture.connect(DEVICE);
    answer(line.says(line.delivered().getFirst().id(), State.SUCCEEDED));
    fixture.submit("capacity is free");
  }

  @Test
  void accepted_and_unfinished_commands_have_a_limit() {
    TestConnection line = fixture.connect(DEVICE);
    for (int i = 0; i < 20; i++) {
      answer(line.says(fixture.submit("accepted").id(), State.ACCEPTED));
    }

    assertThat(refusal(fixture.commands().submit(DEVICE, request("more"), "ann")).kind())
        .isEqualTo(ErrorCode.QUEUE_FULL);
  }

  @Test
  void of_queued_commands_with_the_same_collapse_key_only_the_newest_is_delivered() {
    Command first = collapsing("20 °C");
    fixture.submit("something else");
    Command second = collapsing("21 °C");
    assertThat(fixture.get(first.id()).state()).isEqualTo(State.SUPERSEDED);
    assertThat(fixture.get(first.id()).timeline().getLast().reason())
        .isEqualTo("superseded by " + second.id());

    TestConnection line = fixture.connect(DEVICE);
    assertThat(line.names()).containsExactly("something else", "21 °C");
    collapsing("22 °C");
    assertThat(fixture.get(second.id()).state()).as("it is sent").isEqualTo(State.SENT);

    line.detach("closed");
    assertThat(fixture.get(second.id()).state()).isEqualTo(State.SUPERSEDED);
    assertThat(fixture.connect(DEVICE).names()).containsExactly("something else", "22 °C");
  }

  @Test
  void only_a_queued_command_can_be_cancelled() {
    Command queued = fixture.submit("queued");
    Command cancelled = answer(fixture.commands().cancel(queued.id(), "bob"));
    assertThat(cancelled.state()).isEqualTo(State.CANCELLED);
    assertThat(cancelled.timeline().getLast().by()).isEqualTo("bob");

    TestConnection line = fixture.connect(DEVICE);
    Command sent = fixture.submit("sent");
    assertThat(line.names()).containsExactly("sent");
    assertThat(refusal(fixture.commands().cancel(sent.id(), "bob")).kind())
        .isEqualTo(ErrorCode.CONFLICT);
    assertThat(refusal(fixture.commands().cancel(queued.id(), "bob")).kind())
        .isEqualTo(ErrorCode.COMMAND_FINISHED);
    assertThat(refusal(fixture.commands().cancel("nothing", "bob")).kind())
        .isEqualTo(ErrorCode.UNKNOWN_COMMAND);
  }

  @Test
  void a_repeated_request_gets_the_same_command_for_a_day() {
    Command first = answer(fixture.commands().submit(DEVICE, repeatable("start"), "ann"));
    Command again = answer(fixture.commands().submit(DEVICE, repeatable("start"), "ann"));
    assertThat(again).isEqualTo(first);
    assertThat(refusal(fixture.commands().submit(DEVICE, repeatable("stop"), "ann")).kind())
        .isEqualTo(ErrorCode.CONFLICT);
    assertThat(answer(fixture.commands().submit(OTHER, repeatable("stop"), "ann")).id())
        .isNotEqualTo(first.id());

    fixture.pass(Duration.ofHours(24).plusMillis(1));
    Command later = answer(fixture.commands().submit(DEVICE, repeatable("stop"), "ann"));
    assertThat(later.id()).isNotEqualTo(first.id());
  }

  @Test
  void concurrent_repeated_requests_create_one_command() {
    List<Future<Command>> requests =
        IntStream.range(0, 40)
            .parallel()
            .mapToObj(i -> fixture.commands().submit(DEVICE, repeatable("start"), "ann"))
            .toList();

    assertThat(requests.stream().map(request -> answer(request).id()).distinct()).hasSize(1);
    assertThat(
            answer(fixture.commands().list(new CommandQuery(DEVICE, null, Set.of(), null, 10)))
                .total())
        .isEqualTo(1);
  }

  @Test
  void many_requests_to_one_mailbox_are_answered_in_order_or_refused() {
    List<Future<Command>> requests =
        IntStream.range(0, 1_000)
            .mapToObj(i -> fixture.commands().submit(DEVICE, request("c" + i), "ann"))
            .toList();

    await().until(() -> requests.stream().allMatch(Future::isComplete));
    List<Command> made = requests.stream().filter(Future::succeeded).map(Future::result).toList();
    assertThat(made).hasSize(5).extracting(Command::id).isSorted();
    assertThat(fixture.connect(DEVICE).names()).hasSize(3);
  }

  @Test
  void an_exception_in_a_callers_continuation_affects_no_other_caller() {
    Future<Command> request = fixture.commands().submit(DEVICE, request("a"), "ann");
    request.onSuccess(made -> failOnPurpose());
    Future<Command> next = fixture.commands().submit(DEVICE, request("b"), "ann");
    Future<Command> first = fixture.commands().awaitCompletion(answer(request), LONG).outcome();
    Future<Command> second = fixture.commands().awaitCompletion(answer(request), LONG).outcome();
    first.onSuccess(over -> failOnPurpose());

    answer(fixture.commands().cancel(answer(request).id(), "ann"));

    assertThat(answer(second).state()).isEqualTo(State.CANCELLED);
    answer(fixture.commands().cancel(answer(next).id(), "ann"));
  }

  @Test
  void a_command_to_an_unknown_device_is_refused() {
    assertThat(refusal(fixture.commands().submit("nobody", request("x"), "ann")).kind())
        .isEqualTo(ErrorCode.UNKNOWN_DEVICE);
    assertThat(refusal(fixture.commands().get("nothing")).kind())
        .isEqualTo(ErrorCode.UNKNOWN_COMMAND);
  }

  @Test
  void steps_are_counted_by_state_and_so_is_the_time_to_an_answer() {
    TestConnection line = fixture.connect(DEVICE);
    Command made = fixture.submit("start");
    fixture.clock.addAndGet(1_500);
    answer(line.says(made.id(), State.SUCCEEDED));
    answer(fixture.commands().cancel(fixture.submit("later").id(), "ann").otherwiseEmpty());

    assertThat(fixture.commands().metrics().steps(State.QUEUED)).isEqualTo(2);
    assertThat(fixture.commands().metrics().steps(State.SENT)).isEqualTo(2);
    assertThat(fixture.commands().metrics().steps(State.SUCCEEDED)).isEqualTo(1);
    assertThat(fixture.commands().metrics().steps(State.CANCELLED)).isZero();
    assertThat(fixture.commands().metrics().answerMillis()).isEqualTo(1_500);
  }

  @Test
  void commands_that_ended_long_ago_are_deleted() {
    Command made = fixture.submit("start");
    answer(fixture.commands().cancel(made.id(), "ann"));

    fixture.pass(Duration.ofDays(29));
    assertThat(fixture.get(made.id()).state()).isEqualTo(State.CANCELLED);
    fixture.pass(Duration.ofDays(2));
    assertThat(refusal(fixture.commands().get(made.id())).kind())
        .isEqualTo(ErrorCode.UNKNOWN_COMMAND);
  }

  private Command collapsing(String name) {
    CommandRequest request =
        new CommandRequest(name, "{}", Duration.ofHours(1), null, "setpoint", null, null);
    return answer(fixture.commands().submit(DEVICE, request, "ann"));
  }

  private static void failOnPurpose() {
    throw new IllegalStateException("the caller's own fault");
  }

  private static CommandRequest repeatable(String name) {
    return new CommandRequest(name, "{}", Duration.ofDays(20), null, null, null, "key-1");
  }
}

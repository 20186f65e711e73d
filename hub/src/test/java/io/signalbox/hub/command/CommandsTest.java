package io.signalbox.hub.command;

import static io.signalbox.hub.command.Workshop.DEVICE;
import static io.signalbox.hub.command.Workshop.OTHER;
import static io.signalbox.hub.command.Workshop.request;
import static io.signalbox.hub.store.Answers.answer;
import static io.signalbox.hub.store.Answers.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.command.Workshop.Line;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Refusal.Kind;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  @AutoClose private final Workshop workshop;

  CommandsTest(@TempDir Path scratch) {
    workshop = new Workshop(scratch, Workshop.SETTINGS);
  }

  @Test
  void a_command_past_its_time_ends_and_says_how_far_it_came() {
    NewCommand brief = new NewCommand("x", "{}", Duration.ofSeconds(1), null, null, null, null);
    Command away = answer(workshop.commands().submit(DEVICE, brief, "ann"));
    Line other = workshop.connect(OTHER);
    Command silent = answer(workshop.commands().submit(OTHER, brief, "ann"));
    Command slow = answer(workshop.commands().submit(OTHER, brief, "ann"));
    answer(other.says(slow.id(), State.ACCEPTED));

    workshop.pass(Duration.ofMillis(999));
    assertThat(workshop.get(away.id()).state()).isEqualTo(State.QUEUED);
    workshop.pass(Duration.ofMillis(1));

    assertThat(List.of(away, silent, slow))
        .extracting(command -> workshop.get(command.id()).state())
        .containsOnly(State.EXPIRED);
    assertThat(workshop.get(away.id()).error()).isEqualTo("not delivered in time");
    assertThat(workshop.get(silent.id()).error()).isEqualTo("sent, but not answered in time");
    assertThat(workshop.get(slow.id()).error()).isEqualTo("accepted, but no result came in time");
    assertThat(refusal(other.says(slow.id(), State.SUCCEEDED)).kind()).isEqualTo(Kind.COMMAND_OVER);
  }

  @Test
  void a_queue_has_an_end() {
    IntStream.range(0, 5).forEach(i -> workshop.submit("queued"));

    assertThat(refusal(workshop.commands().submit(DEVICE, request("more"), "ann")).kind())
        .isEqualTo(Kind.QUEUE_FULL);
    answer(workshop.commands().submit(OTHER, request("another's"), "ann"));

    Line line = workshop.connect(DEVICE);
    answer(line.says(line.delivered().getFirst().id(), State.SUCCEEDED));
    workshop.submit("there is room again");
  }

  @Test
  void what_a_device_accepts_and_never_finishes_has_an_end_too() {
    Line line = workshop.connect(DEVICE);
    for (int i = 0; i < 20; i++) {
      answer(line.says(workshop.submit("accepted").id(), State.ACCEPTED));
    }

    assertThat(refusal(workshop.commands().submit(DEVICE, request("more"), "ann")).kind())
        .isEqualTo(Kind.QUEUE_FULL);
  }

  @Test
  void of_queued_commands_with_the_same_collapse_key_only_the_newest_is_delivered() {
    Command first = collapsing("20 °C");
    workshop.submit("something else");
    Command second = collapsing("21 °C");
    assertThat(workshop.get(first.id()).state()).isEqualTo(State.SUPERSEDED);
    assertThat(workshop.get(first.id()).timeline().getLast().because())
        .isEqualTo("superseded by " + second.id());

    Line line = workshop.connect(DEVICE);
    assertThat(line.names()).containsExactly("something else", "21 °C");
    collapsing("22 °C");
    assertThat(workshop.get(second.id()).state()).as("it is sent").isEqualTo(State.SENT);

    line.detach("closed");
    assertThat(workshop.get(second.id()).state()).isEqualTo(State.SUPERSEDED);
    assertThat(workshop.connect(DEVICE).names()).containsExactly("something else", "22 °C");
  }

  @Test
  void a_queued_command_can_be_cancelled_and_no_other() {
    Command queued = workshop.submit("queued");
    Command cancelled = answer(workshop.commands().cancel(queued.id(), "bob"));
    assertThat(cancelled.state()).isEqualTo(State.CANCELLED);
    assertThat(cancelled.timeline().getLast().by()).isEqualTo("bob");

    Line line = workshop.connect(DEVICE);
    Command sent = workshop.submit("sent");
    assertThat(line.names()).containsExactly("sent");
    assertThat(refusal(workshop.commands().cancel(sent.id(), "bob")).kind())
        .isEqualTo(Kind.CONFLICT);
    assertThat(refusal(workshop.commands().cancel(queued.id(), "bob")).kind())
        .isEqualTo(Kind.COMMAND_OVER);
    assertThat(refusal(workshop.commands().cancel("nothing", "bob")).kind())
        .isEqualTo(Kind.UNKNOWN_COMMAND);
  }

  @Test
  void a_repeated_request_gets_the_same_command_for_a_day() {
    Command first = answer(workshop.commands().submit(DEVICE, repeatable("start"), "ann"));
    Command again = answer(workshop.commands().submit(DEVICE, repeatable("start"), "ann"));
    assertThat(again).isEqualTo(first);
    assertThat(refusal(workshop.commands().submit(DEVICE, repeatable("stop"), "ann")).kind())
        .isEqualTo(Kind.CONFLICT);
    assertThat(answer(workshop.commands().submit(OTHER, repeatable("stop"), "ann")).id())
        .isNotEqualTo(first.id());

    workshop.pass(Duration.ofHours(24).plusMillis(1));
    Command later = answer(workshop.commands().submit(DEVICE, repeatable("stop"), "ann"));
    assertThat(later.id()).isNotEqualTo(first.id());
  }

  @Test
  void requests_repeated_at_the_same_time_make_one_command() {
    List<Future<Command>> requests =
        IntStream.range(0, 40)
            .parallel()
            .mapToObj(i -> workshop.commands().submit(DEVICE, repeatable("start"), "ann"))
            .toList();

    assertThat(requests.stream().map(request -> answer(request).id()).distinct()).hasSize(1);
    assertThat(
            answer(workshop.commands().list(new CommandQuery(DEVICE, null, Set.of(), null, 10)))
                .total())
        .isEqualTo(1);
  }

  @Test
  void a_crowd_of_requests_at_one_mailbox_is_answered_in_order_or_refused() {
    List<Future<Command>> requests =
        IntStream.range(0, 1_000)
            .mapToObj(i -> workshop.commands().submit(DEVICE, request("c" + i), "ann"))
            .toList();

    await().until(() -> requests.stream().allMatch(Future::isComplete));
    List<Command> made = requests.stream().filter(Future::succeeded).map(Future::result).toList();
    assertThat(made).hasSize(5).extracting(Command::id).isSorted();
    assertThat(workshop.connect(DEVICE).names()).hasSize(3);
  }

  @Test
  void a_caller_that_fails_in_its_own_continuation_harms_nobody() {
    Future<Command> request = workshop.commands().submit(DEVICE, request("a"), "ann");
    request.onSuccess(made -> failOnPurpose());
    Future<Command> next = workshop.commands().submit(DEVICE, request("b"), "ann");
    Future<Command> first = workshop.commands().holdForEnd(answer(request), LONG).outcome();
    Future<Command> second = workshop.commands().holdForEnd(answer(request), LONG).outcome();
    first.onSuccess(over -> failOnPurpose());

    answer(workshop.commands().cancel(answer(request).id(), "ann"));

    assertThat(answer(second).state()).isEqualTo(State.CANCELLED);
    answer(workshop.commands().cancel(answer(next).id(), "ann"));
  }

  @Test
  void nobody_commands_a_device_that_is_not_there() {
    assertThat(refusal(workshop.commands().submit("nobody", request("x"), "ann")).kind())
        .isEqualTo(Kind.UNKNOWN_DEVICE);
    assertThat(refusal(workshop.commands().get("nothing")).kind()).isEqualTo(Kind.UNKNOWN_COMMAND);
  }

  @Test
  void steps_are_counted_by_state_and_so_is_the_time_to_an_answer() {
    Line line = workshop.connect(DEVICE);
    Command made = workshop.submit("start");
    workshop.clock.addAndGet(1_500);
    answer(line.says(made.id(), State.SUCCEEDED));
    answer(workshop.commands().cancel(workshop.submit("later").id(), "ann").otherwiseEmpty());

    assertThat(workshop.commands().steps(State.QUEUED)).isEqualTo(2);
    assertThat(workshop.commands().steps(State.SENT)).isEqualTo(2);
    assertThat(workshop.commands().steps(State.SUCCEEDED)).isEqualTo(1);
    assertThat(workshop.commands().steps(State.CANCELLED)).isZero();
    assertThat(workshop.commands().answerMillis()).isEqualTo(1_500);
  }

  @Test
  void what_ended_long_ago_is_forgotten() {
    Command made = workshop.submit("start");
    answer(workshop.commands().cancel(made.id(), "ann"));

    workshop.pass(Duration.ofDays(29));
    assertThat(workshop.get(made.id()).state()).isEqualTo(State.CANCELLED);
    workshop.pass(Duration.ofDays(2));
    assertThat(refusal(workshop.commands().get(made.id())).kind()).isEqualTo(Kind.UNKNOWN_COMMAND);
  }

  private Command collapsing(String name) {
    NewCommand request =
        new NewCommand(name, "{}", Duration.ofHours(1), null, "setpoint", null, null);
    return answer(workshop.commands().submit(DEVICE, request, "ann"));
  }

  private static void failOnPurpose() {
    throw new IllegalStateException("the caller's own fault");
  }

  private static NewCommand repeatable(String name) {
    return new NewCommand(name, "{}", Duration.ofDays(20), null, null, null, "key-1");
  }
}

package io.signalbox.hub.command;

import static io.signalbox.hub.command.CommandFixture.DEVICE;
import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.command.CommandFixture.TestConnection;
import io.signalbox.hub.longpoll.HeldRequest;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldRequestsTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final int MOST = 15_000;

  @AutoClose private final CommandFixture fixture;

  HeldRequestsTest(@TempDir Path scratch) {
    fixture = new CommandFixture(scratch, new CommandSettings(50, 16, MOST, Duration.ofDays(30)));
  }

  @Test
  void a_request_held_for_a_change_is_answered_at_once() {
    Command made = fixture.submit("start");
    Future<Command> change = fixture.commands().awaitChange(made.id(), seen(1), LONG).outcome();
    held(1);

    fixture.connect(DEVICE);

    assertThat(answer(change).state()).isEqualTo(State.SENT);
    held(0);
  }

  @Test
  void a_caller_that_does_not_know_the_present_state_is_answered_at_once() {
    Command made = fixture.submit("start");
    fixture.connect(DEVICE);

    assertThat(answer(fixture.commands().awaitChange(made.id(), seen(1), LONG).outcome()).version())
        .isEqualTo(2);
    held(0);
  }

  @Test
  void a_request_held_for_the_end_is_answered_at_the_end() {
    TestConnection line = fixture.connect(DEVICE);
    Command made = fixture.submit("start");
    Future<Command> end = fixture.commands().awaitCompletion(made, LONG).outcome();
    held(1);

    answer(line.says(made.id(), State.ACCEPTED));
    assertThat(end.isComplete()).isFalse();
    answer(line.says(made.id(), State.SUCCEEDED));

    assertThat(answer(end).state()).isEqualTo(State.SUCCEEDED);
    assertThat(answer(fixture.commands().awaitCompletion(made, LONG).outcome()))
        .isEqualTo(answer(end));
    assertThat(answer(fixture.commands().awaitChange(made.id(), seen(9), LONG).outcome()))
        .isEqualTo(answer(end));
  }

  @Test
  void who_makes_a_command_can_wait_for_its_end_from_the_beginning() {
    TestConnection line = fixture.connect(DEVICE);
    HeldRequest<Command> wait =
        fixture.commands().submit(DEVICE, CommandFixture.request("start"), "ann", LONG);
    await().until(() -> line.delivered().size() == 1);
    held(1);

    answer(line.says(line.delivered().getFirst().id(), State.SUCCEEDED));

    assertThat(answer(wait.outcome()).state()).isEqualTo(State.SUCCEEDED);
    held(0);
  }

  @Test
  void who_repeats_a_request_waits_for_the_command_that_the_first_has_made() {
    CommandRequest request =
        new CommandRequest("start", "{}", Duration.ofHours(1), null, null, null, "key-1");
    Command made = answer(fixture.commands().submit(DEVICE, request, "ann"));
    HeldRequest<Command> early = fixture.commands().submit(DEVICE, request, "ann", LONG);
    held(1);

    answer(fixture.commands().cancel(made.id(), "ann"));
    HeldRequest<Command> late = fixture.commands().submit(DEVICE, request, "ann", LONG);

    assertThat(answer(early.outcome()).state()).isEqualTo(State.CANCELLED);
    assertThat(answer(late.outcome())).isEqualTo(answer(early.outcome()));
    held(0);
  }

  @Test
  void a_command_whose_maker_goes_away_before_it_is_made_is_made_and_holds_nothing() {
    HeldRequest<Command> wait =
        fixture.commands().submit(DEVICE, CommandFixture.request("start"), "ann", LONG);
    wait.cancel();

    TestConnection line = fixture.connect(DEVICE);

    await().until(() -> line.delivered().size() == 1);
    held(0);
  }

  @Test
  void a_command_that_cannot_be_made_is_not_waited_for() {
    HeldRequest<Command> wait =
        fixture.commands().submit("nobody", CommandFixture.request("start"), "ann", LONG);

    assertThat(refusal(wait.outcome()).kind()).isEqualTo(ErrorCode.UNKNOWN_DEVICE);
    held(0);
  }

  @Test
  void at_the_deadline_the_answer_is_the_present_state() {
    Command made = fixture.submit("start");
    Future<Command> change =
        fixture.commands().awaitChange(made.id(), seen(1), Duration.ofSeconds(30)).outcome();
    held(1);

    fixture.pass(Duration.ofMillis(29_999));
    assertThat(change.isComplete()).isFalse();
    fixture.pass(Duration.ofMillis(1));

    assertThat(answer(change)).isEqualTo(made);
    assertThat(answer(fixture.commands().awaitCompletion(made, Duration.ZERO).outcome()))
        .isEqualTo(made);
    held(0);
  }

  @Test
  void waiting_for_an_unknown_command_is_refused() {
    assertThat(refusal(fixture.commands().awaitChange("nothing", seen(1), LONG).outcome()).kind())
        .isEqualTo(ErrorCode.UNKNOWN_COMMAND);
    held(0);
  }

  @Test
  void a_cancelled_request_is_released() {
    Command made = fixture.submit("start");
    HeldRequest<Command> wait = fixture.commands().awaitCompletion(made, LONG);
    Future<Command> other = fixture.commands().awaitCompletion(made, LONG).outcome();
    held(2);

    wait.cancel();
    wait.cancel();

    held(1);
    assertThat(refusal(wait.outcome()).kind()).isEqualTo(ErrorCode.UNAVAILABLE);
    answer(fixture.commands().cancel(made.id(), "ann"));
    assertThat(answer(other).state()).isEqualTo(State.CANCELLED);
  }

  @Test
  void fifteen_thousand_held_requests_are_answered_and_one_more_is_refused() {
    List<Command> made = IntStream.range(0, 50).mapToObj(i -> fixture.submit("c" + i)).toList();
    List<Future<Command>> waits =
        IntStream.range(0, MOST)
            .mapToObj(i -> fixture.commands().awaitCompletion(made.get(i % 50), LONG).outcome())
            .toList();
    held(MOST);
    assertThat(refusal(fixture.commands().awaitCompletion(made.getFirst(), LONG).outcome()).kind())
        .isEqualTo(ErrorCode.UNAVAILABLE);

    made.forEach(command -> answer(fixture.commands().cancel(command.id(), "ann")));

    await().until(() -> waits.stream().allMatch(Future::succeeded));
    held(0);
  }

  @Test
  void a_held_request_costs_less_than_a_kilobyte() {
    String id = fixture.submit("start").id();
    long before = usedAfterCollection();

    List<HeldRequest<Command>> waits =
        IntStream.range(0, MOST)
            .mapToObj(i -> fixture.commands().awaitChange(new String(id), seen(1), LONG))
            .toList();
    held(MOST);

    // Temporary objects of other threads do not count.
    await()
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> assertThat((usedAfterCollection() - before) / MOST).isLessThan(1_024));
    waits.forEach(HeldRequest::cancel);
    held(0);
  }

  @Test
  void a_stopping_hub_answers_held_requests() {
    Command made = fixture.submit("start");
    Future<Command> end = fixture.commands().awaitCompletion(made, LONG).outcome();
    held(1);

    fixture.restart();

    assertThat(refusal(end).kind()).isEqualTo(ErrorCode.UNAVAILABLE);
  }

  @Test
  void a_closed_engine_refuses_every_request() {
    Command made = fixture.submit("start");
    CommandService closed = fixture.commands();
    fixture.restart();

    assertThat(refusal(closed.submit(DEVICE, CommandFixture.request("x"), "ann")).kind())
        .isEqualTo(ErrorCode.UNAVAILABLE);
    HeldRequest<Command> wait = closed.awaitCompletion(made, LONG);
    assertThat(refusal(wait.outcome()).kind()).isEqualTo(ErrorCode.UNAVAILABLE);
    wait.cancel();
  }

  private static Predicate<Command> seen(int version) {
    return command -> command.version() <= version;
  }

  private static long usedAfterCollection() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private void held(int expected) {
    await().until(() -> fixture.held() == expected);
  }
}

package io.signalbox.hub.command;

import static io.signalbox.hub.command.CommandFixture.DEVICE;
import static io.signalbox.hub.command.CommandFixture.OTHER;
import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.command.CommandFixture.TestConnection;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveryTest {
  @AutoClose private final CommandFixture fixture;

  DeliveryTest(@TempDir Path scratch) {
    fixture = new CommandFixture(scratch, CommandFixture.SETTINGS);
  }

  @Test
  void a_command_for_a_sleeping_poller_is_expected_at_its_next_planned_contact() {
    Session poller =
        answer(fixture.sessions().open(DEVICE, Transport.HTTP, "10.0.0.7", cause -> {}));
    long next = fixture.clock.get() + 60_000;
    assertThat(fixture.sessions().markAsleep(poller, next)).isTrue();

    assertThat(fixture.submit("start").expectedBy()).isEqualTo(next);

    fixture.sessions().close(poller, SessionEnd.Cause.CLOSED);
    assertThat(fixture.submit("later").expectedBy()).isNull();
  }

  @Test
  void a_command_for_an_offline_device_waits_until_it_connects() {
    Command made = fixture.submit("start");
    assertThat(made.state()).isEqualTo(State.QUEUED);
    assertThat(made.expectedBy()).isNull();

    TestConnection line = fixture.connect(DEVICE);

    assertThat(line.names()).containsExactly("start");
    assertThat(line.delivered().getFirst().state()).isEqualTo(State.SENT);
    assertThat(fixture.get(made.id())).isEqualTo(line.delivered().getFirst());
  }

  @Test
  void a_command_has_a_complete_timeline() {
    TestConnection line = fixture.connect(DEVICE);
    Command made = fixture.submit("start");
    assertThat(made.expectedBy()).isEqualTo(fixture.clock.get());
    long epoch = line.session().epoch();

    fixture.clock.addAndGet(5);
    answer(line.says(made.id(), State.ACCEPTED));
    fixture.clock.addAndGet(5);
    answer(
        fixture
            .commands()
            .result(
                line.session(),
                new CommandResult(made.id(), State.FAILED, "{\"rpm\":0}", "no water")));

    Command over = fixture.get(made.id());
    long start = made.created();
    assertThat(over.result()).isEqualTo("{\"rpm\":0}");
    assertThat(over.error()).isEqualTo("no water");
    assertThat(over.timeline())
        .containsExactly(
            new Step(State.QUEUED, start, "hub", null, null, "ann", null),
            new Step(State.SENT, start, "hub", epoch, Transport.WEBSOCKET, null, null),
            new Step(State.ACCEPTED, start + 5, "hub", epoch, Transport.WEBSOCKET, DEVICE, null),
            new Step(State.FAILED, start + 10, "hub", epoch, Transport.WEBSOCKET, DEVICE, null));
  }

  @Test
  void every_change_is_an_event_in_the_order_of_the_changes() {
    TestConnection line = fixture.connect(DEVICE);
    Command made = fixture.submit("start");
    answer(line.says(made.id(), State.ACCEPTED));
    answer(line.says(made.id(), State.SUCCEEDED));

    await().until(() -> fixture.events.size() == 4);
    assertThat(fixture.events)
        .extracting(Command::state)
        .containsExactly(State.QUEUED, State.SENT, State.ACCEPTED, State.SUCCEEDED);
  }

  @Test
  void commands_are_delivered_in_order_of_creation_without_waiting_for_results() {
    List.of("a", "b", "c").forEach(fixture::submit);

    TestConnection line = fixture.connect(DEVICE);
    assertThat(line.names()).containsExactly("a", "b", "c");

    fixture.submit("d");
    assertThat(line.names()).as("the window is full").containsExactly("a", "b", "c");
    answer(line.says(line.delivered().get(1).id(), State.SUCCEEDED));
    assertThat(line.names()).containsExactly("a", "b", "c", "d");
  }

  @Test
  void an_accepted_command_frees_the_window_for_the_next() {
    TestConnection line = fixture.connect(DEVICE);
    List.of("a", "b", "c", "d").forEach(fixture::submit);

    answer(line.says(line.delivered().getFirst().id(), State.ACCEPTED));

    assertThat(line.names()).containsExactly("a", "b", "c", "d");
  }

  @Test
  void the_unanswered_commands_of_an_ended_session_go_to_the_next_one() {
    TestConnection first = fixture.connect(DEVICE);
    Command done = fixture.submit("done");
    Command accepted = fixture.submit("accepted");
    Command lost = fixture.submit("lost");
    answer(first.says(done.id(), State.SUCCEEDED));
    answer(first.says(accepted.id(), State.ACCEPTED));

    first.detach("silent");

    Command queued = fixture.get(lost.id());
    assertThat(queued.state()).isEqualTo(State.QUEUED);
    assertThat(queued.expectedBy()).isNull();
    assertThat(queued.timeline().getLast().reason()).isEqualTo("silent");
    assertThat(queued.timeline().getLast().session()).isEqualTo(first.session().epoch());
    assertThat(fixture.get(accepted.id()).state()).isEqualTo(State.ACCEPTED);

    TestConnection second = fixture.connect(DEVICE);
    assertThat(second.delivered()).extracting(Command::id).containsExactly(lost.id());
    answer(second.says(accepted.id(), State.SUCCEEDED));
    assertThat(fixture.get(accepted.id()).state()).isEqualTo(State.SUCCEEDED);
  }

  @Test
  void a_newer_session_takes_over_and_calls_of_the_older_one_are_ignored() {
    TestConnection older = fixture.connect(DEVICE);
    Command made = fixture.submit("start");
    TestConnection newer = fixture.connect(DEVICE);

    assertThat(newer.names()).containsExactly("start");
    assertThat(refusal(older.says(made.id(), State.SUCCEEDED)).kind())
        .isEqualTo(ErrorCode.CONFLICT);
    older.detach("replaced");

    assertThat(fixture.get(made.id()).state()).isEqualTo(State.SENT);
    assertThat(fixture.get(made.id()).timeline().get(2).reason())
        .isEqualTo("replaced by session " + newer.session().epoch());
    answer(newer.says(made.id(), State.SUCCEEDED));
  }

  @Test
  void a_session_that_arrives_late_does_not_replace_a_newer_one() {
    TestConnection older = fixture.line(DEVICE);
    TestConnection newer = fixture.connect(DEVICE);
    older.attach();

    fixture.submit("start");

    assertThat(newer.names()).containsExactly("start");
    assertThat(older.names()).isEmpty();
  }

  @Test
  void a_newer_session_may_answer_commands_of_the_older_one() {
    TestConnection first = fixture.connect(DEVICE);
    List<Command> made = List.of("a", "b", "c", "d").stream().map(fixture::submit).toList();
    first.detach("closed");

    // Nothing is attached yet: the answer itself comes first.
    TestConnection second = fixture.line(DEVICE);
    answer(second.says(made.getFirst().id(), State.SUCCEEDED));
    second.attach();

    assertThat(fixture.get(made.getFirst().id()).state()).isEqualTo(State.SUCCEEDED);
    assertThat(second.names()).containsExactly("b", "c", "d");
    assertThat(fixture.get(made.getFirst().id()).timeline().getLast().reason())
        .isEqualTo("answer to an earlier delivery");
  }

  @Test
  void invalid_results_are_refused() {
    TestConnection line = fixture.connect(DEVICE);
    TestConnection other = fixture.connect(OTHER);
    Command made = fixture.submit("start");

    assertThat(refusal(line.says("nothing", State.SUCCEEDED)).kind())
        .isEqualTo(ErrorCode.UNKNOWN_COMMAND);
    assertThat(refusal(other.says(made.id(), State.SUCCEEDED)).kind())
        .isEqualTo(ErrorCode.UNKNOWN_COMMAND);
    assertThat(refusal(line.says(made.id(), State.EXPIRED)).field()).isEqualTo("status");

    answer(line.says(made.id(), State.ACCEPTED));
    answer(line.says(made.id(), State.ACCEPTED));
    answer(line.says(made.id(), State.SUCCEEDED));
    assertThat(refusal(line.says(made.id(), State.SUCCEEDED)).kind())
        .isEqualTo(ErrorCode.COMMAND_FINISHED);
    assertThat(refusal(line.says(made.id(), State.ACCEPTED)).kind())
        .isEqualTo(ErrorCode.COMMAND_FINISHED);
    assertThat(refusal(other.says(made.id(), State.FAILED)).kind())
        .isEqualTo(ErrorCode.UNKNOWN_COMMAND);
    assertThat(fixture.get(made.id()).timeline()).hasSize(4);
  }

  @Test
  void a_command_that_was_never_sent_cannot_be_answered() {
    TestConnection line = fixture.connect(DEVICE);
    long later = fixture.clock.get() + 1_000;
    CommandRequest held =
        new CommandRequest("start", "{}", Duration.ofHours(1), later, null, null, null);
    Command made = answer(fixture.commands().submit(DEVICE, held, "ann"));

    assertThat(refusal(line.says(made.id(), State.SUCCEEDED)).kind())
        .isEqualTo(ErrorCode.UNKNOWN_COMMAND);
  }

  @Test
  void a_scheduled_command_delays_only_itself() {
    TestConnection line = fixture.connect(DEVICE);
    long later = fixture.clock.get() + 60_000;
    CommandRequest held =
        new CommandRequest("held", "{}", Duration.ofMinutes(1), later, null, null, null);
    Command made = answer(fixture.commands().submit(DEVICE, held, "ann"));
    fixture.submit("at once");
    assertThat(line.names()).containsExactly("at once");
    assertThat(made.expectedBy()).isEqualTo(later);
    assertThat(made.expires()).isEqualTo(later + 60_000);

    fixture.pass(Duration.ofMillis(59_999));
    assertThat(line.names()).containsExactly("at once");
    fixture.pass(Duration.ofMillis(1));
    assertThat(line.names()).containsExactly("at once", "held");
  }

  @Test
  void a_failing_sink_affects_no_other_and_its_command_is_requeued() {
    TestConnection line = fixture.line(DEVICE);
    fixture
        .commands()
        .attach(
            line.session(),
            command -> {
              throw new IllegalStateException("the socket is gone");
            });

    Command made = fixture.submit("start");
    line.detach("closed");

    assertThat(fixture.get(made.id()).state()).isEqualTo(State.QUEUED);
    assertThat(fixture.connect(DEVICE).names()).containsExactly("start");
  }

  @Test
  void no_memory_is_kept_for_offline_devices() {
    fixture.submit("start");
    TestConnection line = fixture.connect(DEVICE);
    line.detach("closed");
    fixture.quiet();

    assertThat(fixture.mailboxes()).isZero();
  }
}

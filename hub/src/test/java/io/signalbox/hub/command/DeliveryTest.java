package io.signalbox.hub.command;

import static io.signalbox.hub.command.Workshop.DEVICE;
import static io.signalbox.hub.command.Workshop.OTHER;
import static io.signalbox.hub.store.Answers.answer;
import static io.signalbox.hub.store.Answers.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.command.Workshop.Line;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.CommandResult;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.model.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveryTest {
  @AutoClose private final Workshop workshop;

  DeliveryTest(@TempDir Path scratch) {
    workshop = new Workshop(scratch, Workshop.SETTINGS);
  }

  @Test
  void a_command_for_a_sleeping_poller_is_expected_at_its_next_planned_contact() {
    Session poller =
        answer(workshop.presences().open(DEVICE, Transport.HTTP, "10.0.0.7", cause -> {}));
    long next = workshop.clock.get() + 60_000;
    assertThat(workshop.presences().rests(poller, next)).isTrue();

    assertThat(workshop.submit("start").expectedBy()).isEqualTo(next);

    workshop.presences().close(poller, "closed");
    assertThat(workshop.submit("later").expectedBy()).isNull();
  }

  @Test
  void a_command_for_a_device_that_is_away_waits_until_it_comes() {
    Command made = workshop.submit("start");
    assertThat(made.state()).isEqualTo(State.QUEUED);
    assertThat(made.expectedBy()).isNull();

    Line line = workshop.connect(DEVICE);

    assertThat(line.names()).containsExactly("start");
    assertThat(line.delivered().getFirst().state()).isEqualTo(State.SENT);
    assertThat(workshop.get(made.id())).isEqualTo(line.delivered().getFirst());
  }

  @Test
  void a_command_tells_its_whole_story() {
    Line line = workshop.connect(DEVICE);
    Command made = workshop.submit("start");
    assertThat(made.expectedBy()).isEqualTo(workshop.clock.get());
    long epoch = line.session().epoch();

    workshop.clock.addAndGet(5);
    answer(line.says(made.id(), State.ACCEPTED));
    workshop.clock.addAndGet(5);
    answer(
        workshop
            .commands()
            .result(
                line.session(),
                new CommandResult(made.id(), State.FAILED, "{\"rpm\":0}", "no water")));

    Command over = workshop.get(made.id());
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
    Line line = workshop.connect(DEVICE);
    Command made = workshop.submit("start");
    answer(line.says(made.id(), State.ACCEPTED));
    answer(line.says(made.id(), State.SUCCEEDED));

    await().until(() -> workshop.events.size() == 4);
    assertThat(workshop.events)
        .extracting(Command::state)
        .containsExactly(State.QUEUED, State.SENT, State.ACCEPTED, State.SUCCEEDED);
  }

  @Test
  void commands_are_delivered_in_the_order_of_their_making_without_waiting_for_results() {
    List.of("a", "b", "c").forEach(workshop::submit);

    Line line = workshop.connect(DEVICE);
    assertThat(line.names()).containsExactly("a", "b", "c");

    workshop.submit("d");
    assertThat(line.names()).as("the window is full").containsExactly("a", "b", "c");
    answer(line.says(line.delivered().get(1).id(), State.SUCCEEDED));
    assertThat(line.names()).containsExactly("a", "b", "c", "d");
  }

  @Test
  void a_command_that_is_accepted_makes_room_for_the_next() {
    Line line = workshop.connect(DEVICE);
    List.of("a", "b", "c", "d").forEach(workshop::submit);

    answer(line.says(line.delivered().getFirst().id(), State.ACCEPTED));

    assertThat(line.names()).containsExactly("a", "b", "c", "d");
  }

  @Test
  void a_session_that_ends_takes_its_unanswered_commands_back_and_the_next_gets_them_again() {
    Line first = workshop.connect(DEVICE);
    Command done = workshop.submit("done");
    Command accepted = workshop.submit("accepted");
    Command lost = workshop.submit("lost");
    answer(first.says(done.id(), State.SUCCEEDED));
    answer(first.says(accepted.id(), State.ACCEPTED));

    first.detach("silent");

    Command queued = workshop.get(lost.id());
    assertThat(queued.state()).isEqualTo(State.QUEUED);
    assertThat(queued.expectedBy()).isNull();
    assertThat(queued.timeline().getLast().because()).isEqualTo("silent");
    assertThat(queued.timeline().getLast().session()).isEqualTo(first.session().epoch());
    assertThat(workshop.get(accepted.id()).state()).isEqualTo(State.ACCEPTED);

    Line second = workshop.connect(DEVICE);
    assertThat(second.delivered()).extracting(Command::id).containsExactly(lost.id());
    answer(second.says(accepted.id(), State.SUCCEEDED));
    assertThat(workshop.get(accepted.id()).state()).isEqualTo(State.SUCCEEDED);
  }

  @Test
  void a_newer_session_takes_over_and_the_older_ones_words_and_end_are_ignored() {
    Line older = workshop.connect(DEVICE);
    Command made = workshop.submit("start");
    Line newer = workshop.connect(DEVICE);

    assertThat(newer.names()).containsExactly("start");
    assertThat(refusal(older.says(made.id(), State.SUCCEEDED)).kind()).isEqualTo(Kind.CONFLICT);
    older.detach("replaced");

    assertThat(workshop.get(made.id()).state()).isEqualTo(State.SENT);
    assertThat(workshop.get(made.id()).timeline().get(2).because())
        .isEqualTo("replaced by session " + newer.session().epoch());
    answer(newer.says(made.id(), State.SUCCEEDED));
  }

  @Test
  void a_session_that_arrives_late_does_not_replace_a_newer_one() {
    Line older = workshop.line(DEVICE);
    Line newer = workshop.connect(DEVICE);
    older.attach();

    workshop.submit("start");

    assertThat(newer.names()).containsExactly("start");
    assertThat(older.names()).isEmpty();
  }

  @Test
  void a_newer_session_may_answer_what_the_older_one_was_sent() {
    Line first = workshop.connect(DEVICE);
    List<Command> made = List.of("a", "b", "c", "d").stream().map(workshop::submit).toList();
    first.detach("closed");

    // Nothing is attached yet: the answer itself comes first.
    Line second = workshop.line(DEVICE);
    answer(second.says(made.getFirst().id(), State.SUCCEEDED));
    second.attach();

    assertThat(workshop.get(made.getFirst().id()).state()).isEqualTo(State.SUCCEEDED);
    assertThat(second.names()).containsExactly("b", "c", "d");
    assertThat(workshop.get(made.getFirst().id()).timeline().getLast().because())
        .isEqualTo("answer to an earlier delivery");
  }

  @Test
  void answers_that_cannot_be_are_refused() {
    Line line = workshop.connect(DEVICE);
    Line other = workshop.connect(OTHER);
    Command made = workshop.submit("start");

    assertThat(refusal(line.says("nothing", State.SUCCEEDED)).kind())
        .isEqualTo(Kind.UNKNOWN_COMMAND);
    assertThat(refusal(other.says(made.id(), State.SUCCEEDED)).kind())
        .isEqualTo(Kind.UNKNOWN_COMMAND);
    assertThat(refusal(line.says(made.id(), State.EXPIRED)).field()).isEqualTo("status");

    answer(line.says(made.id(), State.ACCEPTED));
    answer(line.says(made.id(), State.ACCEPTED));
    answer(line.says(made.id(), State.SUCCEEDED));
    assertThat(refusal(line.says(made.id(), State.SUCCEEDED)).kind()).isEqualTo(Kind.COMMAND_OVER);
    assertThat(refusal(line.says(made.id(), State.ACCEPTED)).kind()).isEqualTo(Kind.COMMAND_OVER);
    assertThat(refusal(other.says(made.id(), State.FAILED)).kind()).isEqualTo(Kind.UNKNOWN_COMMAND);
    assertThat(workshop.get(made.id()).timeline()).hasSize(4);
  }

  @Test
  void a_command_that_was_never_sent_cannot_be_answered() {
    Line line = workshop.connect(DEVICE);
    long later = workshop.clock.get() + 1_000;
    NewCommand held = new NewCommand("start", "{}", Duration.ofHours(1), later, null, null, null);
    Command made = answer(workshop.commands().submit(DEVICE, held, "ann"));

    assertThat(refusal(line.says(made.id(), State.SUCCEEDED)).kind())
        .isEqualTo(Kind.UNKNOWN_COMMAND);
  }

  @Test
  void a_command_that_is_held_back_holds_back_only_itself() {
    Line line = workshop.connect(DEVICE);
    long later = workshop.clock.get() + 60_000;
    NewCommand held = new NewCommand("held", "{}", Duration.ofMinutes(1), later, null, null, null);
    Command made = answer(workshop.commands().submit(DEVICE, held, "ann"));
    workshop.submit("at once");
    assertThat(line.names()).containsExactly("at once");
    assertThat(made.expectedBy()).isEqualTo(later);
    assertThat(made.expires()).isEqualTo(later + 60_000);

    workshop.pass(Duration.ofMillis(59_999));
    assertThat(line.names()).containsExactly("at once");
    workshop.pass(Duration.ofMillis(1));
    assertThat(line.names()).containsExactly("at once", "held");
  }

  @Test
  void an_outlet_that_breaks_harms_nobody_and_its_command_comes_back() {
    Line line = workshop.line(DEVICE);
    workshop
        .commands()
        .attach(
            line.session(),
            command -> {
              throw new IllegalStateException("the socket is gone");
            });

    Command made = workshop.submit("start");
    line.detach("closed");

    assertThat(workshop.get(made.id()).state()).isEqualTo(State.QUEUED);
    assertThat(workshop.connect(DEVICE).names()).containsExactly("start");
  }

  @Test
  void nothing_stays_in_memory_of_devices_that_are_away() {
    workshop.submit("start");
    Line line = workshop.connect(DEVICE);
    line.detach("closed");
    workshop.quiet();

    assertThat(workshop.mailboxes()).isZero();
  }
}

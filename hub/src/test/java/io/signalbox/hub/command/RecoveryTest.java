package io.signalbox.hub.command;

import static io.signalbox.hub.command.Workshop.DEVICE;
import static io.signalbox.hub.command.Workshop.OTHER;
import static io.signalbox.hub.store.Answers.answer;
import static io.signalbox.hub.store.Answers.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.command.Workshop.Line;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.Refusal.Kind;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryTest {
  @AutoClose private final Workshop workshop;

  RecoveryTest(@TempDir Path scratch) {
    workshop = new Workshop(scratch, CommandSettings.standard());
  }

  @Test
  void a_killed_hub_takes_back_what_was_sent_and_keeps_the_rest_as_it_was() {
    Line line = workshop.connect(DEVICE);
    Command sent = workshop.submit("sent");
    Command accepted = workshop.submit("accepted");
    Command done = workshop.submit("done");
    answer(line.says(accepted.id(), State.ACCEPTED));
    answer(line.says(done.id(), State.SUCCEEDED));

    workshop.kill();

    assertThat(workshop.get(accepted.id()).state()).isEqualTo(State.ACCEPTED);
    assertThat(workshop.get(done.id()).state()).isEqualTo(State.SUCCEEDED);
    Step back = workshop.get(sent.id()).timeline().getLast();
    assertThat(back.state()).isEqualTo(State.QUEUED);
    assertThat(back.because()).isEqualTo("hub restarted");

    Line again = workshop.connect(DEVICE);
    assertThat(again.delivered()).extracting(Command::id).containsExactly(sent.id());
    answer(again.says(sent.id(), State.SUCCEEDED));
  }

  @Test
  void what_expires_while_the_hub_is_down_is_expired_when_it_is_back() {
    Line line = workshop.connect(DEVICE);
    Command sent = workshop.submit("sent");
    Command queued = answer(workshop.commands().submit(OTHER, Workshop.request("x"), "ann"));
    workshop.clock.addAndGet(Duration.ofHours(2).toMillis());

    workshop.kill();

    assertThat(answer(workshop.commands().get(sent.id())).state()).isEqualTo(State.EXPIRED);
    assertThat(answer(workshop.commands().get(queued.id())).state()).isEqualTo(State.EXPIRED);
    assertThat(refusal(line.says(sent.id(), State.SUCCEEDED)).kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void a_whole_fleets_commands_are_taken_back_and_expire_together() {
    List<String> fleet = workshop.register(450);
    fleet.forEach(workshop::connect);
    List<Future<Command>> requests =
        fleet.stream()
            .map(each -> workshop.commands().submit(each, Workshop.request("x"), "ann"))
            .toList();
    List<String> made = requests.stream().map(request -> answer(request).id()).toList();

    workshop.restart();
    assertThat(made).extracting(id -> workshop.get(id).state()).containsOnly(State.QUEUED);
    workshop.pass(Duration.ofHours(1));

    assertThat(made).extracting(id -> workshop.get(id).state()).containsOnly(State.EXPIRED);
    assertThat(workshop.mailboxes()).isZero();
  }

  @Test
  void a_repeated_request_is_recognised_after_a_restart() {
    NewCommand request =
        new NewCommand("start", "{}", Duration.ofHours(1), null, null, null, "key-1");
    Command made = answer(workshop.commands().submit(DEVICE, request, "ann"));

    workshop.restart();

    assertThat(answer(workshop.commands().submit(DEVICE, request, "ann")).id())
        .isEqualTo(made.id());
  }

  @Test
  void a_hub_killed_amid_a_crowd_of_requests_has_every_command_that_it_answered_for() {
    for (int round = 0; round < 5; round++) {
      Line line = workshop.connect(DEVICE);
      List<Future<Command>> requests = crowd();
      List<Command> answered =
          requests.stream().filter(Future::succeeded).map(Future::result).toList();
      List<Command> delivered = List.copyOf(line.delivered());
      workshop.kill();

      answered.forEach(command -> assertThat(workshop.get(command.id())).isNotNull());
      delivered.forEach(this::wasDeliveredTruthfully);
      List<Command> unfinished = answer(workshop.store().unfinished(DEVICE));
      assertThat(unfinished).extracting(Command::state).doesNotContain(State.SENT);
      unfinished.forEach(command -> answer(workshop.commands().cancel(command.id(), "ann")));
    }
  }

  @Test
  void while_the_disk_is_full_nothing_is_claimed_and_afterwards_everything_goes_on() {
    Line line = workshop.connect(DEVICE);
    Command sent = workshop.submit("sent");
    workshop.diskFull.set(true);

    assertThat(refusal(workshop.commands().submit(DEVICE, Workshop.request("x"), "ann")).kind())
        .isEqualTo(Kind.UNAVAILABLE);
    assertThat(refusal(line.says(sent.id(), State.SUCCEEDED)).kind()).isEqualTo(Kind.UNAVAILABLE);
    line.detach("closed");
    assertThat(workshop.connect(DEVICE).names()).isEmpty();
    workshop.tick();
    assertThat(workshop.get(sent.id()).state()).isEqualTo(State.SENT);
    assertThat(line.names()).containsExactly("sent");
  }

  @Test
  void what_a_full_disk_has_held_up_is_made_good_when_there_is_room() {
    Line line = workshop.connect(DEVICE);
    Command sent = workshop.submit("sent");
    workshop.diskFull.set(true);
    line.detach("closed");
    workshop.diskFull.set(false);
    workshop.pass(Duration.ofSeconds(2));

    Step back = workshop.get(sent.id()).timeline().getLast();
    assertThat(back.state()).isEqualTo(State.QUEUED);
    assertThat(back.because()).isEqualTo("closed");
    assertThat(workshop.mailboxes()).isZero();
    assertThat(workshop.connect(DEVICE).names()).containsExactly("sent");
  }

  /** A write of {@code SENT} preceded it, or it would not have been delivered. */
  private void wasDeliveredTruthfully(Command delivered) {
    Command kept = workshop.get(delivered.id());
    assertThat(kept.timeline().subList(0, delivered.version())).isEqualTo(delivered.timeline());
  }

  /** Some of them are answered when this returns. */
  private List<Future<Command>> crowd() {
    List<Future<Command>> requests =
        IntStream.range(0, 40)
            .mapToObj(i -> workshop.commands().submit(DEVICE, Workshop.request("c"), "ann"))
            .toList();
    await().until(() -> requests.stream().filter(Future::isComplete).count() > 5);
    return requests;
  }
}

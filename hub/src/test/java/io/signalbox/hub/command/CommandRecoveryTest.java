package io.signalbox.hub.command;

import static io.signalbox.hub.command.CommandFixture.DEVICE;
import static io.signalbox.hub.command.CommandFixture.OTHER;
import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.command.CommandFixture.TestConnection;
import io.signalbox.hub.config.Configuration;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandRecoveryTest {
  @AutoClose private final CommandFixture fixture;

  CommandRecoveryTest(@TempDir Path scratch) {
    fixture = new CommandFixture(scratch, Configuration.defaults(CommandSettings.class));
  }

  @Test
  void after_a_kill_sent_commands_are_requeued_and_others_unchanged() {
    TestConnection line = fixture.connect(DEVICE);
    Command sent = fixture.submit("sent");
    Command accepted = fixture.submit("accepted");
    Command done = fixture.submit("done");
    answer(line.says(accepted.id(), State.ACCEPTED));
    answer(line.says(done.id(), State.SUCCEEDED));

    fixture.kill();

    assertThat(fixture.get(accepted.id()).state()).isEqualTo(State.ACCEPTED);
    assertThat(fixture.get(done.id()).state()).isEqualTo(State.SUCCEEDED);
    Step back = fixture.get(sent.id()).timeline().getLast();
    assertThat(back.state()).isEqualTo(State.QUEUED);
    assertThat(back.reason()).isEqualTo("hub-restarted");

    TestConnection again = fixture.connect(DEVICE);
    assertThat(again.delivered()).extracting(Command::id).containsExactly(sent.id());
    answer(again.says(sent.id(), State.SUCCEEDED));
  }

  @Test
  void commands_that_expire_while_the_hub_is_down_are_expired_at_the_start() {
    TestConnection line = fixture.connect(DEVICE);
    Command sent = fixture.submit("sent");
    Command queued = answer(fixture.commands().submit(OTHER, CommandFixture.request("x"), "ann"));
    fixture.clock.addAndGet(Duration.ofHours(2).toMillis());

    fixture.kill();

    assertThat(answer(fixture.commands().get(sent.id())).state()).isEqualTo(State.EXPIRED);
    assertThat(answer(fixture.commands().get(queued.id())).state()).isEqualTo(State.EXPIRED);
    assertThat(refusal(line.says(sent.id(), State.SUCCEEDED)).kind())
        .isEqualTo(ErrorCode.UNAVAILABLE);
  }

  @Test
  void the_commands_of_a_fleet_are_requeued_and_expire_together() {
    List<String> fleet = fixture.register(450);
    fleet.forEach(fixture::connect);
    List<Future<Command>> requests =
        fleet.stream()
            .map(each -> fixture.commands().submit(each, CommandFixture.request("x"), "ann"))
            .toList();
    List<String> made = requests.stream().map(request -> answer(request).id()).toList();

    fixture.restart();
    assertThat(made).extracting(id -> fixture.get(id).state()).containsOnly(State.QUEUED);
    fixture.pass(Duration.ofHours(1));

    assertThat(made).extracting(id -> fixture.get(id).state()).containsOnly(State.EXPIRED);
    assertThat(fixture.mailboxes()).isZero();
  }

  @Test
  void a_repeated_request_is_recognised_after_a_restart() {
    CommandRequest request =
        new CommandRequest("start", "{}", Duration.ofHours(1), null, null, null, "key-1");
    Command made = answer(fixture.commands().submit(DEVICE, request, "ann"));

    fixture.restart();

    assertThat(answer(fixture.commands().submit(DEVICE, request, "ann")).id()).isEqualTo(made.id());
  }

  @Test
  void a_hub_killed_under_load_has_every_acknowledged_command() {
    for (int round = 0; round < 5; round++) {
      TestConnection line = fixture.connect(DEVICE);
      List<Future<Command>> requests = crowd();
      List<Command> answered =
          requests.stream().filter(Future::succeeded).map(Future::result).toList();
      List<Command> delivered = List.copyOf(line.delivered());
      fixture.kill();

      answered.forEach(command -> assertThat(fixture.get(command.id())).isNotNull());
      delivered.forEach(this::wasDeliveredTruthfully);
      List<Command> unfinished = answer(fixture.store().unfinished(DEVICE)).commands();
      assertThat(unfinished).extracting(Command::state).doesNotContain(State.SENT);
      unfinished.forEach(command -> answer(fixture.commands().cancel(command.id(), "ann")));
    }
  }

  @Test
  void on_a_full_disk_nothing_is_acknowledged_and_afterwards_everything_continues() {
    TestConnection line = fixture.connect(DEVICE);
    Command sent = fixture.submit("sent");
    fixture.diskFull.set(true);

    assertThat(
            refusal(fixture.commands().submit(DEVICE, CommandFixture.request("x"), "ann")).kind())
        .isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(refusal(line.says(sent.id(), State.SUCCEEDED)).kind())
        .isEqualTo(ErrorCode.UNAVAILABLE);
    line.detach("closed");
    assertThat(fixture.connect(DEVICE).names()).isEmpty();
    fixture.tick();
    assertThat(fixture.get(sent.id()).state()).isEqualTo(State.SENT);
    assertThat(line.names()).containsExactly("sent");
  }

  @Test
  void work_delayed_by_a_full_disk_is_done_when_there_is_space() {
    TestConnection line = fixture.connect(DEVICE);
    Command sent = fixture.submit("sent");
    fixture.diskFull.set(true);
    line.detach("closed");
    fixture.diskFull.set(false);
    fixture.pass(Duration.ofSeconds(2));

    Step back = fixture.get(sent.id()).timeline().getLast();
    assertThat(back.state()).isEqualTo(State.QUEUED);
    assertThat(back.reason()).isEqualTo("closed");
    assertThat(fixture.mailboxes()).isZero();
    assertThat(fixture.connect(DEVICE).names()).containsExactly("sent");
  }

  /** A write of {@code SENT} preceded it, or it would not have been delivered. */
  private void wasDeliveredTruthfully(Command delivered) {
    Command kept = fixture.get(delivered.id());
    assertThat(kept.timeline().subList(0, delivered.version())).isEqualTo(delivered.timeline());
  }

  /** Some of them are answered when this returns. */
  private List<Future<Command>> crowd() {
    List<Future<Command>> requests =
        IntStream.range(0, 40)
            .mapToObj(i -> fixture.commands().submit(DEVICE, CommandFixture.request("c"), "ann"))
            .toList();
    await().until(() -> requests.stream().filter(Future::isComplete).count() > 5);
    return requests;
  }
}

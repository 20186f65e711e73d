package io.signalbox.hub.command;

import static io.signalbox.hub.command.CommandFixture.DEVICE;
import static io.signalbox.hub.command.CommandFixture.request;
import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.command.CommandFixture.TestConnection;
import io.signalbox.hub.config.Configuration;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands of deleted devices end, and a later device with the id inherits nothing. */
class CommandDeletionTest {
  @AutoClose private final CommandFixture fixture;

  CommandDeletionTest(@TempDir Path scratch) {
    fixture = new CommandFixture(scratch, Configuration.defaults(CommandSettings.class));
  }

  @Test
  void a_deleted_device_ends_its_commands() {
    TestConnection line = fixture.connect(DEVICE);
    Command sent = fixture.submit("sent");

    answer(fixture.delete(DEVICE));

    assertThat(fixture.get(sent.id()).state()).isEqualTo(State.CANCELLED);
    assertThat(fixture.get(sent.id()).timeline().getLast().reason())
        .isEqualTo("the device was deleted");
    assertThat(refusal(line.says(sent.id(), State.SUCCEEDED)).kind())
        .isEqualTo(ErrorCode.COMMAND_FINISHED);
    line.detach("revoked");
  }

  @Test
  void a_deletion_that_is_refused_changes_nothing() {
    Command made = fixture.submit("start");
    Refusal full = new Refusal(ErrorCode.UNAVAILABLE, "the disk is full");

    Future<Void> refused = fixture.commands().deleteDevice(DEVICE, () -> Future.failedFuture(full));

    assertThat(refusal(refused)).isSameAs(full);
    assertThat(fixture.get(made.id()).state()).isEqualTo(State.QUEUED);
    assertThat(fixture.connect(DEVICE).names()).containsExactly("start");
  }

  /** Concurrent requests arrive while the device is deleted. */
  @Test
  void a_deleted_device_has_no_unfinished_commands_despite_concurrent_requests() {
    Random random = new Random(7);
    for (int round = 0; round < 60; round++) {
      String device = "round-" + round;
      fixture.register(device);
      List<Future<Command>> requests = new ArrayList<>();
      ask(device, random.nextInt(6), requests);
      Future<Void> deleted = fixture.delete(device);
      ask(device, random.nextInt(6), requests);

      answer(deleted);
      assertThat(answer(fixture.store().unfinished(device)).commands()).isEmpty();
      assertThat(refusal(fixture.commands().submit(device, request("x"), "ann")).kind())
          .isEqualTo(ErrorCode.UNKNOWN_DEVICE);
      requests.forEach(CommandDeletionTest::endedOrNeverWas);
      assertThat(answer(fixture.store().unfinished(device)).commands()).isEmpty();
    }
  }

  @Test
  void a_device_registered_again_gets_no_commands_of_the_former_one() {
    TestConnection former = fixture.connect(DEVICE);
    fixture.submit("former");

    Future<Void> deleted = fixture.delete(DEVICE);
    await().until(this::isMadeAgain);
    TestConnection again = fixture.connect(DEVICE);
    answer(deleted);

    assertThat(again.names()).isEmpty();
    fixture.submit("new");
    assertThat(again.names()).containsExactly("new");
    assertThat(former.names()).containsExactly("former");
  }

  @Test
  void the_session_of_a_deleted_device_gets_no_commands_of_the_next_one() {
    TestConnection former = fixture.connect(DEVICE);
    answer(fixture.delete(DEVICE));
    fixture.register(DEVICE);

    Command made = fixture.submit("new");

    assertThat(made.state()).isEqualTo(State.QUEUED);
    assertThat(former.names()).isEmpty();
  }

  @Test
  void commands_left_by_a_full_disk_end_before_the_next_device_gets_any() {
    Command left = fixture.submit("former");
    fixture.diskFull.set(true);
    assertThat(refusal(fixture.delete(DEVICE)).kind()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(refusal(fixture.delete(DEVICE)).kind())
        .as("not before what is owed is done")
        .isEqualTo(ErrorCode.UNAVAILABLE);
    fixture.diskFull.set(false);
    fixture.register(DEVICE);

    assertThat(fixture.connect(DEVICE).names()).isEmpty();
    assertThat(fixture.get(left.id()).state()).isEqualTo(State.CANCELLED);
    assertThat(fixture.submit("new").state()).isEqualTo(State.SENT);
  }

  @Test
  void a_deletion_interrupted_by_a_kill_is_completed_at_start() {
    Command left = fixture.submit("former");
    answer(fixture.registry().delete(DEVICE));

    fixture.kill();

    Command ended = fixture.get(left.id());
    assertThat(ended.state()).isEqualTo(State.CANCELLED);
    assertThat(ended.timeline().getLast().reason()).isEqualTo("the device was deleted");
  }

  private boolean isMadeAgain() {
    try {
      fixture.register(DEVICE);
      return true;
    } catch (Refusal exists) {
      return false;
    }
  }

  private void ask(String device, int count, List<Future<Command>> requests) {
    for (int i = 0; i < count; i++) {
      requests.add(fixture.commands().submit(device, request("x"), "ann"));
    }
  }

  private static void endedOrNeverWas(Future<Command> request) {
    try {
      answer(request);
    } catch (Refusal refusal) {
      assertThat(refusal.kind()).isEqualTo(ErrorCode.UNKNOWN_DEVICE);
    }
  }
}

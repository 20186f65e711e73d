package io.signalbox.hub.command;

import static io.signalbox.hub.command.Workshop.DEVICE;
import static io.signalbox.hub.command.Workshop.request;
import static io.signalbox.hub.store.Answers.answer;
import static io.signalbox.hub.store.Answers.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.signalbox.hub.command.Workshop.Line;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is deleted has nothing to do any more, and what comes after it inherits nothing. */
class DeletionTest {
  @AutoClose private final Workshop workshop;

  DeletionTest(@TempDir Path scratch) {
    workshop = new Workshop(scratch, CommandSettings.standard());
  }

  @Test
  void a_deleted_device_ends_its_commands() {
    Line line = workshop.connect(DEVICE);
    Command sent = workshop.submit("sent");

    answer(workshop.delete(DEVICE));

    assertThat(workshop.get(sent.id()).state()).isEqualTo(State.CANCELLED);
    assertThat(workshop.get(sent.id()).timeline().getLast().because())
        .isEqualTo("the device was deleted");
    assertThat(refusal(line.says(sent.id(), State.SUCCEEDED)).kind()).isEqualTo(Kind.COMMAND_OVER);
    line.detach("revoked");
  }

  @Test
  void a_deletion_that_is_refused_changes_nothing() {
    Command made = workshop.submit("start");
    Refusal full = new Refusal(Kind.UNAVAILABLE, "the disk is full");

    Future<Void> refused = workshop.commands().withdraw(DEVICE, () -> Future.failedFuture(full));

    assertThat(refusal(refused)).isSameAs(full);
    assertThat(workshop.get(made.id()).state()).isEqualTo(State.QUEUED);
    assertThat(workshop.connect(DEVICE).names()).containsExactly("start");
  }

  /** Requests come from all sides while the device is deleted. */
  @Test
  void once_a_device_is_deleted_no_command_of_it_is_unfinished_whoever_came_at_the_same_time() {
    Random random = new Random(7);
    for (int round = 0; round < 60; round++) {
      String device = "round-" + round;
      workshop.register(device);
      List<Future<Command>> requests = new ArrayList<>();
      ask(device, random.nextInt(6), requests);
      Future<Void> deleted = workshop.delete(device);
      ask(device, random.nextInt(6), requests);

      answer(deleted);
      assertThat(answer(workshop.store().unfinished(device))).isEmpty();
      assertThat(refusal(workshop.commands().submit(device, request("x"), "ann")).kind())
          .isEqualTo(Kind.UNKNOWN_DEVICE);
      requests.forEach(DeletionTest::endedOrNeverWas);
      assertThat(answer(workshop.store().unfinished(device))).isEmpty();
    }
  }

  @Test
  void a_device_that_is_made_again_is_given_nothing_of_the_former_one() {
    Line former = workshop.connect(DEVICE);
    workshop.submit("former");

    Future<Void> deleted = workshop.delete(DEVICE);
    await().until(this::isMadeAgain);
    Line again = workshop.connect(DEVICE);
    answer(deleted);

    assertThat(again.names()).isEmpty();
    workshop.submit("new");
    assertThat(again.names()).containsExactly("new");
    assertThat(former.names()).containsExactly("former");
  }

  @Test
  void the_session_of_a_deleted_device_is_given_nothing_that_is_for_the_next() {
    Line former = workshop.connect(DEVICE);
    answer(workshop.delete(DEVICE));
    workshop.register(DEVICE);

    Command made = workshop.submit("new");

    assertThat(made.state()).isEqualTo(State.QUEUED);
    assertThat(former.names()).isEmpty();
  }

  @Test
  void what_a_full_disk_left_unfinished_is_ended_before_the_next_device_gets_anything() {
    Command left = workshop.submit("former");
    workshop.diskFull.set(true);
    assertThat(refusal(workshop.delete(DEVICE)).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(refusal(workshop.delete(DEVICE)).kind())
        .as("not before what is owed is done")
        .isEqualTo(Kind.UNAVAILABLE);
    workshop.diskFull.set(false);
    workshop.register(DEVICE);

    assertThat(workshop.connect(DEVICE).names()).isEmpty();
    assertThat(workshop.get(left.id()).state()).isEqualTo(State.CANCELLED);
    assertThat(workshop.submit("new").state()).isEqualTo(State.SENT);
  }

  @Test
  void a_hub_that_is_killed_amid_a_deletion_completes_it_when_it_starts() {
    Command left = workshop.submit("former");
    answer(workshop.registry().delete(DEVICE));

    workshop.kill();

    Command ended = workshop.get(left.id());
    assertThat(ended.state()).isEqualTo(State.CANCELLED);
    assertThat(ended.timeline().getLast().because()).isEqualTo("the device was deleted");
  }

  private boolean isMadeAgain() {
    try {
      workshop.register(DEVICE);
      return true;
    } catch (Refusal exists) {
      return false;
    }
  }

  private void ask(String device, int count, List<Future<Command>> requests) {
    for (int i = 0; i < count; i++) {
      requests.add(workshop.commands().submit(device, request("x"), "ann"));
    }
  }

  private static void endedOrNeverWas(Future<Command> request) {
    try {
      answer(request);
    } catch (Refusal refusal) {
      assertThat(refusal.kind()).isEqualTo(Kind.UNKNOWN_DEVICE);
    }
  }
}

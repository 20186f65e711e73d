package io.signalbox.hub.command;

import static io.signalbox.hub.command.CommandFixture.DEVICE;
import static io.signalbox.hub.store.Results.answer;
import static io.signalbox.hub.store.Results.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.command.CommandFixture.TestConnection;
import io.signalbox.hub.command.TestPoller.Waiting;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.model.Command.Step;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeasesTest {
  private static final Duration ALMOST = TestPoller.LEASE.minusMillis(1);
  private static final Duration MILLI = Duration.ofMillis(1);

  @AutoClose private final CommandFixture fixture;
  private TestPoller poller;
  private final Command made;

  LeasesTest(@TempDir Path scratch) {
    fixture = new CommandFixture(scratch, CommandFixture.SETTINGS);
    poller = fixture.poller(DEVICE);
    made = fixture.submit("start");
    assertThat(poller.names()).containsExactly("start");
  }

  private Command now() {
    return fixture.get(made.id());
  }

  private Step last() {
    return now().timeline().getLast();
  }

  @Test
  void an_unanswered_command_is_requeued_and_redelivered_when_its_lease_expires() {
    fixture.pass(ALMOST);
    assertThat(now().state()).isEqualTo(State.SENT);
    assertThat(poller.fetch()).isEmpty();

    fixture.pass(MILLI);

    assertThat(last().state()).isEqualTo(State.QUEUED);
    assertThat(last().reason()).isEqualTo("lease-expired");
    assertThat(last().session()).isEqualTo(poller.session().epoch());
    assertThat(poller.names()).containsExactly("start");
  }

  @Test
  void a_lease_that_expires_while_a_poll_is_held_delivers_the_command_to_it() {
    Waiting waiting = poller.waits();
    fixture.pass(ALMOST);
    assertThat(waiting.isOver()).isFalse();

    fixture.pass(MILLI);

    assertThat(waiting.names()).containsExactly("start");
    assertThat(last().leaseExpires()).isEqualTo(fixture.clock.get() + TestPoller.LEASE.toMillis());
  }

  @Test
  void an_answer_ends_the_lease() {
    answer(poller.says(made.id(), State.ACCEPTED));

    fixture.pass(TestPoller.LEASE);

    assertThat(now().state()).isEqualTo(State.ACCEPTED);
    answer(poller.says(made.id(), State.SUCCEEDED));
  }

  @Test
  void an_answer_after_the_lease_is_accepted() {
    fixture.pass(TestPoller.LEASE);

    answer(poller.says(made.id(), State.SUCCEEDED));

    assertThat(now().state()).isEqualTo(State.SUCCEEDED);
    assertThat(last().reason()).isEqualTo("answer to an earlier delivery");
  }

  @Test
  void a_lease_and_its_session_survive_a_kill() {
    fixture.pass(Duration.ofSeconds(10));
    fixture.kill();

    assertThat(now().state()).isEqualTo(State.SENT);
    TestPoller again = fixture.again(poller);
    assertThat(again.fetch()).isEmpty();
    fixture.pass(Duration.ofSeconds(10));
    answer(again.says(made.id(), State.SUCCEEDED));
  }

  @Test
  void a_lease_expires_on_time_after_a_kill_without_any_contact() {
    fixture.kill();
    assertThat(fixture.mailboxes()).isZero();

    fixture.pass(ALMOST);
    assertThat(now().state()).isEqualTo(State.SENT);
    fixture.pass(MILLI);
    assertThat(last().reason()).isEqualTo("lease-expired");
    assertThat(fixture.mailboxes()).isZero();
  }

  @Test
  void a_lease_that_expired_while_the_hub_was_down_is_expired_at_the_start() {
    fixture.clock.addAndGet(TestPoller.LEASE.toMillis());
    fixture.restart();

    assertThat(last().reason()).isEqualTo("lease-expired");
    assertThat(fixture.again(poller).names()).containsExactly("start");
  }

  @Test
  void a_refused_request_does_not_make_the_hub_forget_a_lease() {
    fixture.restart();
    CommandRequest tooLate =
        new CommandRequest("b", "{}", Duration.ofHours(1), null, null, null, "key");
    answer(fixture.commands().submit(DEVICE, tooLate, "ann"));
    CommandRequest other =
        new CommandRequest("c", "{}", Duration.ofHours(1), null, null, null, "key");
    fixture.restart();
    assertThat(refusal(fixture.commands().submit(DEVICE, other, "ann")).kind())
        .isEqualTo(ErrorCode.CONFLICT);

    fixture.pass(TestPoller.LEASE);

    assertThat(last().reason()).isEqualTo("lease-expired");
  }

  @Test
  void a_device_that_connects_gets_the_commands_leased_to_its_polls_at_once() {
    TestConnection line = fixture.connect(DEVICE);

    assertThat(line.names()).containsExactly("start");
    List<Step> timeline = now().timeline();
    assertThat(timeline.get(2).reason()).isEqualTo("replaced by session " + line.session().epoch());
    assertThat(last().leaseExpires()).as("a connection has no lease").isNull();
    assertThat(refusal(poller.says(made.id(), State.SUCCEEDED)).kind())
        .isEqualTo(ErrorCode.CONFLICT);

    poller.detach("replaced");
    fixture.pass(TestPoller.LEASE);
    assertThat(now().state()).isEqualTo(State.SENT);
  }

  @Test
  void a_device_that_connects_after_a_restart_gets_earlier_leased_commands_at_once() {
    fixture.kill();

    TestConnection line = fixture.connect(DEVICE);

    assertThat(line.names()).containsExactly("start");
    assertThat(now().timeline().get(2).reason())
        .isEqualTo("replaced by session " + line.session().epoch());
  }

  @Test
  void a_poll_of_a_newer_session_gets_the_commands_sent_to_a_connection() {
    TestConnection line = fixture.connect(DEVICE);
    TestPoller newer = fixture.poller(DEVICE);

    assertThat(newer.names()).containsExactly("start");
    line.detach("replaced");
    assertThat(now().state()).isEqualTo(State.SENT);
  }

  @Test
  void a_poller_that_switches_to_a_stream_and_back_gets_its_commands_again_in_order() {
    TestConnection line = new TestConnection(poller.session(), fixture.commands());
    line.attach();
    fixture.submit("streamed");
    assertThat(line.names()).containsExactly("start", "streamed");

    assertThat(poller.names()).containsExactly("start", "streamed");
  }

  @Test
  void the_end_of_a_session_requeues_its_leased_commands() {
    poller.detach("overdue");

    assertThat(last().state()).isEqualTo(State.QUEUED);
    assertThat(last().reason()).isEqualTo("overdue");
  }

  @Test
  void the_end_of_a_session_after_a_restart_requeues_its_leased_commands() {
    fixture.restart();

    fixture.again(poller).detach("overdue");

    assertThat(last().reason()).isEqualTo("overdue");
    assertThat(fixture.mailboxes()).isZero();
  }

  @Test
  void the_end_of_an_older_session_leaves_the_leases_of_a_newer_one() {
    TestPoller older = poller;
    poller = fixture.poller(DEVICE);
    assertThat(poller.names()).containsExactly("start");
    fixture.restart();

    fixture.again(older).detach("overdue");

    assertThat(now().state()).isEqualTo(State.SENT);
  }

  @Test
  void a_deleted_device_loses_its_leases_and_its_poll_gets_nothing() {
    Waiting waiting = poller.waits();

    answer(fixture.delete(DEVICE));
    fixture.register(DEVICE);
    Command other = fixture.submit("other");
    fixture.pass(TestPoller.LEASE);

    assertThat(now().state()).isEqualTo(State.CANCELLED);
    assertThat(waiting.isOver()).isFalse();
    assertThat(fixture.get(other.id()).state()).isEqualTo(State.QUEUED);
  }

  @Test
  void a_lease_does_not_outlast_the_command() {
    CommandRequest shortly =
        new CommandRequest("shortly", "{}", Duration.ofSeconds(5), null, null, null, null);
    Command brief = answer(fixture.commands().submit(DEVICE, shortly, "ann"));
    assertThat(poller.names()).containsExactly("shortly");

    fixture.pass(Duration.ofSeconds(5));

    assertThat(fixture.get(brief.id()).state()).isEqualTo(State.EXPIRED);
  }

  @Test
  void a_disk_that_is_full_when_a_lease_ends_only_delays_it() {
    fixture.diskFull.set(true);
    fixture.pass(TestPoller.LEASE);
    assertThat(now().state()).isEqualTo(State.SENT);

    fixture.diskFull.set(false);
    fixture.pass(Duration.ofSeconds(2));

    assertThat(last().reason()).isEqualTo("lease-expired");
  }
}

package io.signalbox.hub.diagnostics;

import static io.signalbox.hub.diagnostics.SnapshotBuilder.HOUR;
import static io.signalbox.hub.diagnostics.SnapshotBuilder.MINUTE;
import static io.signalbox.hub.diagnostics.SnapshotBuilder.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Command.State;
import io.signalbox.hub.recorder.RecorderEntry;
import io.signalbox.hub.recorder.RecorderEntry.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Diagnosis of a command: correct, complete and in sentences. */
class CommandDiagnosisTest {
  private final SnapshotBuilder scene = new SnapshotBuilder();

  @Test
  void queued_because_the_device_is_offline() {
    scene.connects(17).after(MINUTE).disconnects("silent").after(MINUTE).commanded("start");
    scene.after(3 * MINUTE + 10 * SECOND);

    assertThat(scene.ofCommand().summary())
        .isEqualTo(
            "Command 'start' has waited for 3 min 10 s: pump-7 has been offline for 4 min 10 s:"
                + " nothing was received from it for two heartbeats, so the hub closed the"
                + " connection.");
    codes("silent", "no-connection-attempt", "expires");
    expect("expires", "it expires in 56 min 50 s unless it is sent and answered by then");
  }

  @Test
  void queued_because_it_is_not_due() {
    scene.connects(17).commanded("start", 2 * HOUR, SnapshotBuilder.NIGHT + HOUR).after(MINUTE);

    codes("not-before", "expires");
    expect("not-before", "it is scheduled for delivery at 2026-11-22 03:00:00 UTC, in 59 min");
  }

  @Test
  void queued_because_of_unanswered_commands_ahead() {
    scene.connects(17).window(4);
    List.of("a", "b", "c", "d").forEach(name -> scene.commanded(name).sent(17));
    scene.commanded("e").after(MINUTE);

    codes("in-flight-limit", "online", "expires");
    expect(
        "in-flight-limit",
        "4 commands ahead of it are unanswered, which is the limit: 'a' 0190-a, 'b'"
            + " 0190-b, 'c' 0190-c and 1 more");
  }

  @Test
  void queued_because_the_store_refuses() {
    scene.connects(17).hubNotReady("the store does not work").commanded("start").after(MINUTE);

    expect("hub-not-ready", "the hub cannot store the delivery: the store does not work");
  }

  @Test
  void queued_and_nothing_blocks_it() {
    scene.connects(17).commanded("start");

    codes("sending", "online", "expires");
  }

  @Test
  void queued_again_after_an_unanswered_delivery() {
    scene.connects(17).commanded("start").sent(17).after(MINUTE);
    scene.disconnects("lost").step(State.QUEUED, 17L, null, "lost").after(MINUTE);

    codes("connection-lost", "no-connection-attempt", "requeued", "expires");
    expect(
        "requeued",
        "it was sent once without an answer; queued again 1 min ago from session 17: the"
            + " connection was lost without a closing handshake");

    scene.connects(18).sent(18).after(MINUTE).disconnects("closed");
    scene.step(State.QUEUED, 18L, null, "replaced by session 19").after(SECOND);
    expect(
        "requeued",
        "it was sent 2 times without an answer; queued again 1 s ago from session 18: a newer"
            + " session with the same key replaced it: session 19");
  }

  @Test
  void sent_and_not_answered() {
    scene.connects(17).after(MINUTE).commanded("start").sent(17).after(40 * SECOND);

    codes("unanswered", "online", "expires");
    assertThat(scene.ofCommand().summary())
        .isEqualTo(
            "Command 'start' awaits an answer: it was sent 40 s ago in session 17 by websocket, and"
                + " pump-7 has not answered.");
  }

  @Test
  void accepted_without_a_result() {
    scene.connects(17).commanded("start").sent(17).step(State.ACCEPTED, 17L, "pump-7", null);
    scene.after(MINUTE).disconnects("lost").after(MINUTE);

    codes("in-progress", "connection-lost", "no-connection-attempt", "expires");
    expect("in-progress", "pump-7 accepted it 2 min ago and has not reported a result yet");
  }

  @Test
  void succeeded_and_its_duration() {
    scene.commanded("start").after(MINUTE).connects(17).sent(17).after(300);
    scene.step(State.SUCCEEDED, 17L, "pump-7", null).after(HOUR);

    codes("succeeded", "duration");
    expect("succeeded", "pump-7 completed it");
    expect("duration", "it was answered 1 min after it was created and 300 ms after it was sent");
  }

  @Test
  void failed_and_rejected_with_the_error_of_the_device() {
    scene.connects(17).commanded("start").sent(17);
    scene.step(State.FAILED, 17L, "pump-7", null, "motor blocked");
    expect("failed", "pump-7 reported a failure: \"motor blocked\"");

    scene.commanded("stop").sent(17).step(State.REJECTED, 17L, "pump-7", null);
    expect("rejected", "pump-7 rejected it without an error message");
  }

  @Test
  void failed_after_too_many_deliveries() {
    String reason = "sent 100 times and never answered";
    scene.connects(17).commanded("start").sent(17).step(State.FAILED, null, null, reason, reason);

    codes("attempts-exhausted");
    expect("attempts-exhausted", "the hub gave up: sent 100 times and never answered");
  }

  @Test
  void expired_because_the_device_was_offline_with_start_and_end() {
    scene.connects(17).after(MINUTE).disconnects("lost").after(MINUTE);
    scene.commanded("start", 10 * MINUTE, 0).after(10 * MINUTE);
    scene.step(State.EXPIRED, null, null, "not delivered in time").after(MINUTE).connects(18);
    scene.after(HOUR);

    codes("never-delivered", "device-was-offline");
    expect("never-delivered", "its time to live (10 min) ended before it could be sent");
    expect(
        "device-was-offline",
        "pump-7 was offline from 2026-11-22 02:01:00 to 02:13:00 UTC (12 min): the connection was"
            + " lost without a closing handshake");
  }

  @Test
  void expired_and_the_device_is_still_offline() {
    scene.commanded("start", MINUTE, 0).after(MINUTE);
    scene.step(State.EXPIRED, null, null, "not delivered in time").after(MINUTE);

    expect(
        "device-was-offline",
        "pump-7 has been offline since 2026-11-22 02:00:00 UTC (2 min): it had never connected");
  }

  @Test
  void expired_while_the_device_was_refused() {
    scene.commanded("start", 10 * MINUTE, 0).after(5 * MINUTE);
    scene.note(Kind.REFUSED, "unavailable", "refused: connection limit reached").after(5 * MINUTE);
    scene.step(State.EXPIRED, null, null, "not delivered in time").after(MINUTE).connects(17);

    codes("never-delivered", "device-was-offline", "connection-refused");
    expect(
        "connection-refused",
        "the device tried to connect meanwhile, the last time at 2026-11-22 02:05:00 UTC, but was"
            + " refused: connection limit reached");
    assertThat(scene.ofCommand().summary())
        .isEqualTo(
            "Command 'start' expired: its time to live (10 min) ended before it could be sent;"
                + " pump-7 was offline from 2026-11-22 02:00:00 to 02:11:00 UTC (11 min): it had"
                + " never connected.");
  }

  @Test
  void expired_although_it_was_sent() {
    scene.connects(17).commanded("start", MINUTE, 0).after(SECOND).sent(17).after(MINUTE);
    scene.step(State.EXPIRED, null, null, "sent, but not answered in time");

    codes("never-answered");
    expect(
        "never-answered",
        "it was sent in session 17, 1 s after its creation, and not answered within its TTL (1"
            + " min)");
  }

  @Test
  void expired_while_the_hub_was_down() {
    scene.connects(17).commanded("start", MINUTE, 0).after(HOUR);
    scene
        .note(Kind.RESTARTED, "hub-restarted", "session 17 ended with the hub")
        .disconnects("hub-restarted");
    scene.step(State.EXPIRED, null, null, "not delivered in time");

    expect(
        "offline-detected-late",
        "it expired at 2026-11-22 02:01:00 UTC; the hub was not running or could not write, and"
            + " noticed it 59 min later");
  }

  @Test
  void expired_before_the_oldest_recorder_entry() {
    scene.keeping(2).after(HOUR).connects(17).note(Kind.TWIN, "desired", "pushed");
    scene.commanded("start", MINUTE, 0).after(MINUTE);
    scene.step(State.EXPIRED, null, null, "not delivered in time").after(HOUR);

    codes("never-delivered", "not-recorded");
  }

  @Test
  void accepted_but_never_finished() {
    scene.connects(17).commanded("start", MINUTE, 0).sent(17);
    scene.step(State.ACCEPTED, 17L, "pump-7", null).after(MINUTE);
    scene.step(State.EXPIRED, null, null, "accepted, but no result arrived in time");

    expect(
        "never-finished",
        "pump-7 accepted it, but reported no result within its time to live (1 min)");
  }

  @Test
  void cancelled_by_a_person_or_the_hub() {
    scene.commanded("start").after(MINUTE).step(State.CANCELLED, null, "bob", null);
    expect("cancelled", "bob cancelled it before it was sent");

    scene.commanded("blink").step(State.CANCELLED, null, null, "job 0190 was aborted");
    expect("cancelled", "job 0190 was aborted");

    scene.commanded("stop").step(State.CANCELLED, null, null, "the device was deleted");
    expect("device-deleted", "the device was deleted");
  }

  @Test
  void superseded_with_the_id_of_the_newer_command() {
    scene.commanded("start").step(State.SUPERSEDED, null, null, "superseded by 0190-next");

    expect(
        "superseded",
        "a newer command with the same collapse key 'speed' replaced it before it was sent:"
            + " 0190-next");
  }

  @Test
  void a_result_that_the_hub_refused() {
    scene.connects(17).commanded("start").sent(17).step(State.SUCCEEDED, 17L, "pump-7", null);
    RecorderEntry refused =
        scene.noteOf(
            Kind.RESULT, "command-finished", "its answer 'failed' was refused: it is over", 1, 0);
    scene.note(refused.about("0190-start")).after(5 * SECOND);

    expect(
        "answer-refused",
        "the device answered it 5 s ago, but its answer 'failed' was refused: it is over");
  }

  @Test
  void recent_entries_belong_to_the_command_and_its_time() {
    scene.connects(17).after(HOUR).disconnects("lost").after(SECOND);
    scene.commanded("other").commanded("start").after(MINUTE);

    assertThat(scene.ofCommand().recent())
        .extracting(note -> note.kind() + " " + note.code() + " " + note.command())
        .containsExactly("COMMAND queued 0190-start", "DISCONNECTED lost null");
  }

  private void codes(String... codes) {
    assertThat(scene.ofCommand().reasons()).extracting(Reason::code).containsExactly(codes);
  }

  private void expect(String code, String text) {
    assertThat(scene.ofCommand().reasons())
        .filteredOn(reason -> reason.code().equals(code))
        .as("%s", scene.ofCommand().reasons())
        .extracting(Reason::text)
        .containsExactly(text);
  }
}

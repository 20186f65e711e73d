package io.signalbox.hub.diagnostics;

import static io.signalbox.hub.diagnostics.SnapshotBuilder.MINUTE;
import static io.signalbox.hub.diagnostics.SnapshotBuilder.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.recorder.RecorderEntry.Kind;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Diagnosis of commands for devices that poll. */
class PollDiagnosisTest {
  private final SnapshotBuilder scene = new SnapshotBuilder();

  @BeforeEach
  void falls_asleep() {
    scene.connects(17).sleeps(Presence.State.ASLEEP, SnapshotBuilder.NIGHT + MINUTE);
  }

  @Test
  void a_command_for_a_device_that_sleeps_waits_for_its_next_poll() {
    scene.commanded("start").after(20 * SECOND);

    assertThat(scene.ofCommand().summary())
        .isEqualTo(
            "Command 'start' has waited for 20 s: it waits for the next poll of pump-7, planned for"
                + " 2026-11-22 02:01:00 UTC, in 40 s.");
    codes("next-poll", "asleep", "expires");
  }

  @Test
  void a_device_that_is_overdue_should_have_polled() {
    scene.commanded("start").sleeps(Presence.State.OVERDUE, SnapshotBuilder.NIGHT + MINUTE);
    scene.after(3 * MINUTE);

    codes("next-poll", "overdue", "expires");
    expect(
        "next-poll",
        "it waits for the next poll of pump-7, which was due at 2026-11-22 02:01:00 UTC, 2 min"
            + " ago");
  }

  @Test
  void a_delivered_command_is_leased() {
    scene.commanded("start").leased(17, 30 * SECOND).after(10 * SECOND);

    assertThat(scene.ofCommand().summary())
        .isEqualTo(
            "Command 'start' awaits an answer: it was sent 10 s ago in session 17 in response to a"
                + " poll, and pump-7 has not answered.");
    codes("unanswered", "leased", "asleep", "expires");
    expect(
        "leased",
        "it is leased until 2026-11-22 02:00:30 UTC, for another 20 s; if unanswered, it is queued"
            + " again for the next poll");
  }

  @Test
  void a_requeued_command_names_its_expired_lease() {
    scene.commanded("start").leased(17, 30 * SECOND).after(30 * SECOND);
    scene.step(Command.State.QUEUED, 17L, null, "lease-expired").after(5 * SECOND);

    expect(
        "requeued",
        "it was sent once without an answer; queued again 5 s ago from session 17: its lease"
            + " expired before the device answered");
  }

  @Test
  void leases_that_fill_the_window_block_the_next_poll() {
    scene.window(2);
    List.of("a", "b").forEach(name -> scene.commanded(name).leased(17, 5 * MINUTE));
    scene.commanded("c").after(SECOND);

    codes("next-poll", "in-flight-limit", "asleep", "expires");
  }

  @Test
  void a_command_that_expired_between_two_polls_is_not_explained_by_an_offline_device() {
    scene.commanded("start", 10 * SECOND, 0).after(10 * SECOND);
    scene.step(Command.State.EXPIRED, null, null, "not delivered in time");

    codes("never-delivered", "poll-interval");
    expect("poll-interval", "pump-7 can only be reached when it polls");
  }

  @Test
  void an_offline_period_of_a_poller_ends_with_its_first_poll_after_a_restart() {
    scene.after(MINUTE).note(Kind.RESTARTED, "hub-restarted", "the hub was restarted");
    scene.after(MINUTE).note(Kind.POLLED, "polled", "polled").after(MINUTE);

    OfflinePeriod last = OfflinePeriod.of(scene.situation()).getLast();
    assertThat(last.from()).isEqualTo(SnapshotBuilder.NIGHT + MINUTE);
    assertThat(last.to()).isEqualTo(SnapshotBuilder.NIGHT + 2 * MINUTE);
  }

  private void codes(String... codes) {
    assertThat(scene.ofCommand().reasons()).extracting(Reason::code).containsExactly(codes);
  }

  private void expect(String code, String text) {
    assertThat(scene.ofCommand().reasons())
        .filteredOn(reason -> reason.code().equals(code))
        .extracting(Reason::text)
        .containsExactly(text);
  }
}

package io.signalbox.hub.diagnostics;

import static io.signalbox.hub.diagnostics.SnapshotBuilder.HOUR;
import static io.signalbox.hub.diagnostics.SnapshotBuilder.MINUTE;
import static io.signalbox.hub.diagnostics.SnapshotBuilder.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Presence.Flapping;
import io.signalbox.hub.model.Presence.State;
import io.signalbox.hub.recorder.RecorderEntry.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a device: that it is true, complete, and in words. */
class DeviceDiagnosisTest {
  private final SnapshotBuilder scene = new SnapshotBuilder();

  @Test
  void a_device_that_was_never_here() {
    scene.after(HOUR + 5 * MINUTE);

    expect("never-connected", "pump-7 has never connected since it was registered 1 h 5 min ago");
    expect(
        "no-attempt",
        "nobody has come with its key since then: look at its power and its network, and whether it"
            + " has the right address and key");
  }

  @Test
  void a_device_that_is_here() {
    scene.connects(17).after(3 * MINUTE + 10 * SECOND);

    assertThat(scene.ofDevice().summary())
        .isEqualTo(
            "pump-7 has been online for 3 min 10 s, by websocket from 10.0.0.7:5121 in session 17.");
    assertThat(scene.ofDevice().reasons()).extracting(Reason::code).containsExactly("online");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "closed | closed-by-device | the device closed the connection",
        "lost | connection-lost | the connection was lost without a goodbye",
        "silent | silent | nothing was heard from it for two heartbeats, so the hub closed it",
        "replaced | replaced | a newer session with the same key took its place",
        "replaced by 10.0.0.9:6011; two connections fight | replaced | a newer session with the same key took its place: 10.0.0.9:6011",
        "hub restarted | hub-restarted | the hub was restarted",
        "draining | hub-stopped | the hub was going down and sent it away",
        "revoked | key-replaced | its key was replaced, and the old one works no more",
        "disabled | was-disabled | somebody disabled it",
        "overdue | overdue-for-long | it has not polled for far longer than was planned",
        "closed with 1009 | closed-with-code | it sent a message over the size limit (close code 1009)",
        "closed with 4000 | closed-with-code | the connection was closed with code 4000",
        "eaten by a bear | offline | eaten by a bear"
      })
  void every_cause_of_disconnection_has_a_code_and_a_text(String cause, String code, String words) {
    scene.connects(17).after(MINUTE).leaves(cause).after(2 * MINUTE);

    expect(code, "pump-7 has been offline for 2 min: " + words);
  }

  @Test
  void after_a_key_change_the_advice_differs() {
    scene.connects(17).after(MINUTE).leaves("revoked").after(MINUTE);

    expect(
        "no-attempt", "nobody has come with the new key since then: the device has to be given it");
  }

  @Test
  void a_disabled_device_and_its_refused_connections_are_explained() {
    scene.connects(17).after(MINUTE);
    scene.disabled().note(Kind.CHANGED, "disabled", "disabled by ann").leaves("disabled");
    long first = SnapshotBuilder.NIGHT + 2 * MINUTE;
    scene.after(10 * MINUTE);
    scene.note(
        scene.noteOf(Kind.REFUSED, "disabled", "not let in: device pump-7 is disabled", 12, first));
    scene.after(20 * SECOND);

    expect(
        "disabled",
        "pump-7 was disabled by ann 10 min 20 s ago, and is not let in until somebody enables it");
    expect(
        "turned-away",
        "it knocked 12 times, the last time 20 s ago, but was not let in: device pump-7 is disabled");
    assertThat(scene.ofDevice().reasons()).extracting(Reason::code).doesNotContain("no-attempt");
    assertThat(scene.ofDevice().reasons().getFirst().code()).isEqualTo("disabled");
  }

  @Test
  void an_earlier_refusal_is_not_given_as_a_later_cause() {
    scene.note(Kind.REFUSED, "unavailable", "not let in: no room").after(MINUTE);
    scene.connects(17).after(MINUTE).leaves("closed").after(MINUTE);

    assertThat(scene.ofDevice().reasons())
        .extracting(Reason::code)
        .containsExactly("closed-by-device", "no-attempt");
  }

  @Test
  void with_missing_entries_no_absence_is_claimed() {
    scene.connects(17).after(MINUTE).leaves("closed").after(MINUTE);
    scene.note(
        scene.noteOf(
            Kind.GAP, "dropped", "not kept: the store was behind", 3, SnapshotBuilder.NIGHT));

    assertThat(scene.ofDevice().reasons())
        .extracting(Reason::code)
        .containsExactly("closed-by-device", "gap");
    expect(
        "gap",
        "the flight recorder is not complete: 3 entries were not kept: the store was behind");
  }

  @Test
  void a_poller_that_sleeps_and_one_that_is_late() {
    scene.connects(17).after(MINUTE).sleeps(State.ASLEEP, SnapshotBuilder.NIGHT + 2 * MINUTE);
    expect("asleep", "pump-7 sleeps between two polls: the next is due in 1 min");

    scene.sleeps(State.OVERDUE, SnapshotBuilder.NIGHT + 2 * MINUTE).after(4 * MINUTE);
    expect("overdue", "pump-7 has not polled: it should have, 3 min ago");
  }

  @Test
  void an_unsteady_and_a_contested_device_are_explained() {
    scene.connects(17).doesNotRest(Flapping.Kind.UNSTEADY, "10.0.0.7:5121");
    expect(
        "unsteady",
        "pump-7 comes and goes, 12 changes in 5 min: its power or its network is unsteady");

    scene.doesNotRest(Flapping.Kind.CONTESTED, "10.0.0.7:5121", "10.0.0.9:6011");
    expect(
        "contested",
        "pump-7 is taken back and forth between 10.0.0.7:5121 and 10.0.0.9:6011, 12 changes in 5"
            + " min: two devices have the same key, and one of them needs a key of its own");
  }

  @Test
  void a_device_that_was_taken_over_a_short_while_ago() {
    String text = "session 18 from 10.0.0.9:6011 took over from session 17 from 10.0.0.7:5121";
    scene.connects(17).after(MINUTE).connects(18).note(Kind.TAKEOVER, "replaced", text);
    scene.after(5 * SECOND);

    expect(
        "took-over",
        "5 s ago: %s; was that not the same device coming back, then two devices have one key"
            .formatted(text));
    scene.after(HOUR);
    assertThat(scene.ofDevice().reasons()).extracting(Reason::code).containsExactly("online");
  }

  @Test
  void a_device_that_sends_too_much_or_nonsense() {
    scene.connects(17).after(MINUTE);
    scene.note(
        scene.noteOf(
            Kind.THROTTLED, "too-fast", "over its rate limit", 7, SnapshotBuilder.NIGHT));
    scene.note(
        scene.noteOf(
            Kind.MESSAGE, "invalid", "a message was refused: t is null", 1, SnapshotBuilder.NIGHT));
    scene.after(5 * SECOND);

    expect("throttled", "7 times, the last time 5 s ago: over its rate limit");
    expect("messages-refused", "5 s ago: a message was refused: t is null");
  }

  @Test
  void what_waits_for_it_what_is_not_due_and_what_it_has_not_answered() {
    scene.connects(17).commanded("start").sent(17).after(MINUTE);
    scene
        .leaves("lost")
        .commanded("a")
        .commanded("b")
        .commanded("c", HOUR, SnapshotBuilder.NIGHT + HOUR);
    scene.after(MINUTE);

    expect("commands-waiting", "2 commands wait for it, the oldest of them 'a', made 1 min ago");
    expect("commands-not-due", "1 command is not to be sent to it yet: 'c', made 1 min ago");
    expect(
        "commands-unanswered",
        "1 command was sent to it and is not answered: 'start', made 2 min ago");
    assertThat(scene.ofDevice().queue())
        .isEqualTo(new QueueSummary(3, 1, 0, 3, SnapshotBuilder.NIGHT));
    assertThat(scene.ofDevice().summary())
        .startsWith("pump-7 has been offline for 1 min: ")
        .endsWith("2 commands wait for it, the oldest of them 'a', made 1 min ago.");
  }

  @Test
  void a_hub_that_is_not_well_says_so() {
    scene.connects(17).hubNotReady("the store does not work");

    expect("hub-not-ready", "the hub itself is not well: the store does not work");
  }

  private void expect(String code, String text) {
    assertThat(scene.ofDevice().reasons())
        .filteredOn(reason -> reason.code().equals(code))
        .as("%s", scene.ofDevice().reasons())
        .extracting(Reason::text)
        .containsExactly(text);
  }
}

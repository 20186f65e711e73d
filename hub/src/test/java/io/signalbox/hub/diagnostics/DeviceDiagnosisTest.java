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

/** Diagnosis of a device: correct, complete and in sentences. */
class DeviceDiagnosisTest {
  private final SnapshotBuilder scene = new SnapshotBuilder();

  @Test
  void a_device_that_has_never_connected() {
    scene.after(HOUR + 5 * MINUTE);

    expect("never-connected", "pump-7 has never connected since it was registered 1 h 5 min ago");
    expect(
        "no-connection-attempt",
        "no device has connected with its key since then: check its power, its network and whether"
            + " it has the right address and key");
  }

  @Test
  void a_device_that_is_online() {
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
        "lost | connection-lost | the connection was lost without a closing handshake",
        "silent | silent | nothing was received from it for two heartbeats, so the hub closed the"
            + " connection",
        "replaced | replaced | a newer session with the same key replaced it",
        "replaced by 10.0.0.9:6011; two connections | replaced | a newer session with the same key"
            + " replaced it: 10.0.0.9:6011",
        "hub-restarted | hub-restarted | the hub was restarted",
        "node-lost | node-lost | the node of the hub that held its session stopped answering",
        "draining | hub-stopped | the hub was stopping and closed the connection",
        "revoked | key-replaced | its key was replaced, and the old key is no longer valid",
        "disabled | was-disabled | it was disabled",
        "overdue | overdue-for-long | it has not polled for far longer than planned",
        "closed-with-1009 | closed-with-code | it sent a message over the size limit (close code 1009)",
        "closed-with-4000 | closed-with-code | the connection was closed with code 4000",
        "eaten by a bear | offline | eaten by a bear"
      })
  void every_cause_of_disconnection_has_a_code_and_a_text(String cause, String code, String words) {
    scene.connects(17).after(MINUTE).disconnects(cause).after(2 * MINUTE);

    expect(code, "pump-7 has been offline for 2 min: " + words);
  }

  @Test
  void after_a_key_change_the_advice_differs() {
    scene.connects(17).after(MINUTE).disconnects("revoked").after(MINUTE);

    expect(
        "no-connection-attempt",
        "no device has connected with the new key since then: configure it in the device");
  }

  @Test
  void a_disabled_device_and_its_refused_connections_are_explained() {
    scene.connects(17).after(MINUTE);
    scene.disabled().note(Kind.CHANGED, "disabled", "disabled by ann").disconnects("disabled");
    long first = SnapshotBuilder.NIGHT + 2 * MINUTE;
    scene.after(10 * MINUTE);
    scene.note(
        scene.noteOf(Kind.REFUSED, "disabled", "refused: device pump-7 is disabled", 12, first));
    scene.after(20 * SECOND);

    expect(
        "disabled",
        "pump-7 was disabled by ann 10 min 20 s ago and cannot connect until it is enabled");
    expect(
        "connection-refused",
        "it tried to connect 12 times, the last time 20 s ago, but was refused: device pump-7 is"
            + " disabled");
    assertThat(scene.ofDevice().reasons())
        .extracting(Reason::code)
        .doesNotContain("no-connection-attempt");
    assertThat(scene.ofDevice().reasons().getFirst().code()).isEqualTo("disabled");
  }

  @Test
  void an_earlier_refusal_is_not_given_as_a_later_cause() {
    scene.note(Kind.REFUSED, "unavailable", "refused: connection limit reached").after(MINUTE);
    scene.connects(17).after(MINUTE).disconnects("closed").after(MINUTE);

    assertThat(scene.ofDevice().reasons())
        .extracting(Reason::code)
        .containsExactly("closed-by-device", "no-connection-attempt");
  }

  @Test
  void with_missing_entries_no_absence_is_claimed() {
    scene.connects(17).after(MINUTE).disconnects("closed").after(MINUTE);
    scene.note(
        scene.noteOf(
            Kind.GAP, "dropped", "not kept: the store was behind", 3, SnapshotBuilder.NIGHT));

    assertThat(scene.ofDevice().reasons())
        .extracting(Reason::code)
        .containsExactly("closed-by-device", "recorder-gap");
    expect(
        "recorder-gap",
        "the flight recorder is incomplete: 3 entries were not kept: the store was behind");
  }

  @Test
  void a_sleeping_and_an_overdue_poller() {
    scene.connects(17).after(MINUTE).sleeps(State.ASLEEP, SnapshotBuilder.NIGHT + 2 * MINUTE);
    expect("asleep", "pump-7 is asleep between two polls: the next is due in 1 min");

    scene.sleeps(State.OVERDUE, SnapshotBuilder.NIGHT + 2 * MINUTE).after(4 * MINUTE);
    expect("overdue", "pump-7 has missed its poll, which was due 3 min ago");
  }

  @Test
  void an_unstable_and_a_contested_device_are_explained() {
    scene.connects(17).isFlapping(Flapping.Kind.UNSTABLE, "10.0.0.7:5121");
    expect(
        "unstable",
        "pump-7 connects and disconnects repeatedly, 12 changes in 5 min: its power supply or its"
            + " network is unstable");

    scene.isFlapping(Flapping.Kind.CONTESTED, "10.0.0.7:5121", "10.0.0.9:6011");
    expect(
        "contested",
        "the id pump-7 alternates between 10.0.0.7:5121 and 10.0.0.9:6011, 12 changes in 5"
            + " min: two devices share one key; one of them needs its own");
  }

  @Test
  void a_device_whose_session_was_taken_over_recently() {
    String text = "session 18 from 10.0.0.9:6011 took over from session 17 from 10.0.0.7:5121";
    scene.connects(17).after(MINUTE).connects(18).note(Kind.TAKEOVER, "replaced", text);
    scene.after(5 * SECOND);

    expect(
        "takeover",
        "5 s ago: %s; unless the same device reconnected, two devices share one key"
            .formatted(text));
    scene.after(HOUR);
    assertThat(scene.ofDevice().reasons()).extracting(Reason::code).containsExactly("online");
  }

  @Test
  void a_device_that_exceeds_its_rate_or_sends_invalid_messages() {
    scene.connects(17).after(MINUTE);
    scene.note(
        scene.noteOf(
            Kind.THROTTLED, "rate-limited", "over its rate limit", 7, SnapshotBuilder.NIGHT));
    scene.note(
        scene.noteOf(
            Kind.MESSAGE, "invalid", "a message was refused: t is null", 1, SnapshotBuilder.NIGHT));
    scene.after(5 * SECOND);

    expect("throttled", "7 times, the last time 5 s ago: over its rate limit");
    expect("messages-refused", "5 s ago: a message was refused: t is null");
  }

  @Test
  void commands_that_wait_are_not_due_or_are_unanswered() {
    scene.connects(17).commanded("start").sent(17).after(MINUTE);
    scene
        .disconnects("lost")
        .commanded("a")
        .commanded("b")
        .commanded("c", HOUR, SnapshotBuilder.NIGHT + HOUR);
    scene.after(MINUTE);

    expect("commands-waiting", "2 commands wait for it, the oldest is 'a', created 1 min ago");
    expect("commands-not-due", "1 command is not due yet: 'c', created 1 min ago");
    expect(
        "commands-unanswered",
        "1 command was sent to it and is unanswered: 'start', created 2 min ago");
    assertThat(scene.ofDevice().queue())
        .isEqualTo(new QueueSummary(3, 1, 0, 3, SnapshotBuilder.NIGHT));
    assertThat(scene.ofDevice().summary())
        .startsWith("pump-7 has been offline for 1 min: ")
        .endsWith("2 commands wait for it, the oldest is 'a', created 1 min ago.");
  }

  @Test
  void a_hub_that_is_not_ready_is_reported() {
    scene.connects(17).hubNotReady("the store does not work");

    expect("hub-not-ready", "the hub is not ready: the store does not work");
  }

  private void expect(String code, String text) {
    assertThat(scene.ofDevice().reasons())
        .filteredOn(reason -> reason.code().equals(code))
        .as("%s", scene.ofDevice().reasons())
        .extracting(Reason::text)
        .containsExactly(text);
  }
}

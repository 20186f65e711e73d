package io.signalbox.hub.store;

import static io.signalbox.hub.store.Answers.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Transport;
import io.signalbox.hub.recorder.Note;
import io.signalbox.hub.recorder.Note.Kind;
import io.signalbox.hub.recorder.Note.Place;
import io.signalbox.hub.recorder.RecorderStore;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every twin of {@code RecorderStore} promises. */
public abstract class RecorderStoreContract {
  /** How many notes of a device are to be kept. */
  protected static final int KEEP = 50;

  private static final Place HERE = new Place(7L, Transport.WEBSOCKET, "10.0.0.7:5121");
  private FleetStores fleet;
  private RecorderStore store;

  /** The devices' stores that go with it, with nothing in them; called first. */
  protected abstract FleetStores fleet();

  /** The twin, as a process finds it that has just been started. */
  protected abstract RecorderStore open();

  @BeforeEach
  void openFirst() {
    fleet = fleet();
    fleet.insert("a", "b");
    store = open();
  }

  @Test
  void a_note_comes_back_whole_also_after_a_restart() {
    Note whole =
        new Note("a", 5, Kind.RESULT, "unknown-command", "no “that”", HERE, "0190", "n", 3, 9);
    Note bare = note("a", 1, Kind.GAP, "dropped");
    append(bare, whole);

    assertThat(notes("a")).containsExactly(whole, bare);
    store = open();
    assertThat(notes("a")).containsExactly(whole, bare);
    assertThat(notes("b")).isEmpty();
  }

  @Test
  void notes_come_by_the_time_at_which_they_happened_last() {
    Note first = note("a", 1_000, Kind.REFUSED, "disabled");
    Note second = note("a", 2_000, Kind.CHANGED, "enabled");
    append(first, second);
    Note again = note("a", 3_000, Kind.REFUSED, "disabled");
    append(again);

    assertThat(notes("a")).extracting(Note::code).containsExactly("disabled", "enabled");
    assertThat(notes("a").getFirst().ts()).isEqualTo(1_000);
    assertThat(notes("a").getFirst().last()).isEqualTo(3_000);
  }

  @Test
  void what_happens_again_is_counted_and_tells_of_the_last_time() {
    append(note("a", 1_000, Kind.MESSAGE, "malformed"));
    append(new Note("a", 2_000, Kind.MESSAGE, "malformed", "newest", HERE, "0190", "m", 41, 3_000));

    assertThat(notes("a"))
        .containsExactly(
            new Note(
                "a", 1_000, Kind.MESSAGE, "malformed", "newest", HERE, "0190", "m", 42, 3_000));
  }

  @Test
  void another_kind_or_code_or_device_is_another_thing() {
    append(note("a", 1, Kind.MESSAGE, "invalid"), note("a", 2, Kind.MESSAGE, "malformed"));
    append(note("a", 3, Kind.REFUSED, "invalid"), note("b", 4, Kind.MESSAGE, "invalid"));

    assertThat(notes("a")).extracting(Note::times).containsExactly(1, 1, 1);
    assertThat(notes("b")).hasSize(1);
  }

  @Test
  void what_happens_again_much_later_is_another_note() {
    long again = Kind.REFUSED.againMillis();
    append(note("a", 1_000, Kind.REFUSED, "disabled"));
    append(note("a", 1_000 + again - 1, Kind.REFUSED, "disabled"));
    append(note("a", 1_000 + 2 * again, Kind.REFUSED, "disabled"));

    assertThat(notes("a")).extracting(Note::times).containsExactly(1, 2);
  }

  @Test
  void of_each_device_only_the_newest_are_kept() {
    append(note("b", 1, Kind.CHANGED, "kept"));
    for (int i = 0; i < KEEP + 5; i++) {
      append(note("a", 100_000L * i, Kind.CONNECTED, "n" + i));
    }

    List<String> newest = IntStream.range(5, KEEP + 5).mapToObj(i -> "n" + i).toList();
    assertThat(notes("a")).extracting(Note::code).containsExactlyElementsOf(newest.reversed());
    assertThat(notes("b")).hasSize(1);
  }

  @Test
  void a_flood_of_two_things_in_turns_does_not_wash_away_what_was_before() {
    append(note("a", 1, Kind.CHANGED, "before"));
    for (int i = 0; i < 3 * KEEP; i++) {
      append(note("a", 1_000L * i, Kind.MESSAGE, "invalid"));
      append(note("a", 1_000L * i, Kind.THROTTLED, "too-fast"));
    }

    assertThat(notes("a"))
        .extracting(Note::code)
        .containsExactlyInAnyOrder("before", "invalid", "too-fast");
    assertThat(notes("a")).extracting(Note::times).contains(3 * KEEP);
  }

  @Test
  void notes_of_a_device_that_nobody_knows_are_let_go_and_those_beside_them_are_kept() {
    append(note("nobody", 1, Kind.CONNECTED, "x"), note("a", 1, Kind.CONNECTED, "x"));

    assertThat(notes("nobody")).isEmpty();
    assertThat(notes("a")).hasSize(1);
  }

  @Test
  void a_device_that_is_deleted_takes_its_notes_along() {
    append(note("a", 1, Kind.CONNECTED, "x"), note("b", 1, Kind.CONNECTED, "x"));

    fleet.delete("a");
    fleet.insert("a");

    assertThat(notes("a")).isEmpty();
    assertThat(notes("b")).hasSize(1);
  }

  private void append(Note... notes) {
    answer(store.append(new ArrayList<>(List.of(notes))));
  }

  private List<Note> notes(String device) {
    return answer(store.notes(device));
  }

  private static Note note(String device, long ts, Kind kind, String code) {
    return Note.once(device, ts, kind, code, "text of " + code, Place.UNKNOWN, "hub");
  }
}

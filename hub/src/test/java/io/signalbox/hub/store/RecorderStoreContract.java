package io.signalbox.hub.store;

import static io.signalbox.hub.store.Results.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.model.Transport;
import io.signalbox.hub.recorder.RecorderEntry;
import io.signalbox.hub.recorder.RecorderEntry.ConnectionInfo;
import io.signalbox.hub.recorder.RecorderEntry.Kind;
import io.signalbox.hub.recorder.RecorderStore;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contract of all implementations of {@code RecorderStore}. */
public abstract class RecorderStoreContract {
  /** Maximum number of entries per device. */
  protected static final int KEEP = 50;

  private static final ConnectionInfo HERE =
      new ConnectionInfo(7L, Transport.WEBSOCKET, "10.0.0.7:5121");
  private FleetStores fleet;
  private RecorderStore store;

  /** Opens the empty device stores on the same data; called first. */
  protected abstract FleetStores fleet();

  /** Opens the store as after a start of the process. */
  protected abstract RecorderStore open();

  /** Another instance on the same contents, as another node of a cluster has it. */
  protected abstract RecorderStore second();

  @BeforeEach
  void openFirst() {
    fleet = fleet();
    fleet.insert("a", "b");
    store = open();
  }

  @Test
  void an_entry_is_read_back_unchanged_after_a_restart() {
    RecorderEntry whole =
        new RecorderEntry(
            "a", 5, Kind.RESULT, "unknown-command", "no “that”", HERE, "0190", "n", 3, 9);
    RecorderEntry bare = note("a", 1, Kind.GAP, "dropped");
    append(bare, whole);

    assertThat(notes("a")).containsExactly(whole, bare);
    store = open();
    assertThat(notes("a")).containsExactly(whole, bare);
    assertThat(notes("b")).isEmpty();
  }

  @Test
  void entries_are_ordered_by_their_last_occurrence() {
    RecorderEntry first = note("a", 1_000, Kind.REFUSED, "disabled");
    RecorderEntry second = note("a", 2_000, Kind.CHANGED, "enabled");
    append(first, second);
    RecorderEntry again = note("a", 3_000, Kind.REFUSED, "disabled");
    append(again);

    assertThat(notes("a")).extracting(RecorderEntry::code).containsExactly("disabled", "enabled");
    assertThat(notes("a").getFirst().ts()).isEqualTo(1_000);
    assertThat(notes("a").getFirst().last()).isEqualTo(3_000);
  }

  @Test
  void repeated_entries_are_counted_with_the_last_time() {
    append(note("a", 1_000, Kind.MESSAGE, "malformed"));
    append(
        new RecorderEntry(
            "a", 2_000, Kind.MESSAGE, "malformed", "newest", HERE, "0190", "m", 41, 3_000));

    assertThat(notes("a"))
        .containsExactly(
            new RecorderEntry(
                "a", 1_000, Kind.MESSAGE, "malformed", "newest", HERE, "0190", "m", 42, 3_000));
  }

  @Test
  void repetitions_that_both_instances_append_are_one_entry_with_all_counts() {
    RecorderStore other = second();
    List<Future<Void>> appends =
        IntStream.range(0, 40)
            .mapToObj(
                i ->
                    (i % 2 == 0 ? store : other)
                        .append(List.of(note("a", 1_000 + i, Kind.MESSAGE, "malformed"))))
            .toList();
    appends.forEach(Results::answer);

    RecorderEntry entry = notes("a").getFirst();
    assertThat(notes("a")).hasSize(1);
    assertThat(entry.times()).isEqualTo(40);
    assertThat(entry.ts()).isEqualTo(1_000);
    assertThat(entry.last()).isEqualTo(1_039);
  }

  @Test
  void an_entry_that_comes_late_does_not_set_the_last_time_back() {
    append(note("a", 2_000, Kind.MESSAGE, "malformed"));
    answer(second().append(List.of(note("a", 1_000, Kind.MESSAGE, "malformed"))));

    RecorderEntry entry = notes("a").getFirst();
    assertThat(entry.times()).isEqualTo(2);
    assertThat(entry.ts()).isEqualTo(1_000);
    assertThat(entry.last()).isEqualTo(2_000);
  }

  @Test
  void different_entries_of_both_instances_are_all_kept_up_to_the_limit() {
    RecorderStore other = second();
    List<Future<Void>> appends =
        IntStream.range(0, 2 * KEEP)
            .mapToObj(
                i ->
                    (i % 2 == 0 ? store : other)
                        .append(List.of(note("a", 1_000, Kind.CONNECTED, "n" + i))))
            .toList();
    appends.forEach(Results::answer);

    assertThat(notes("a")).hasSize(KEEP).doesNotHaveDuplicates();
    assertThat(answer(other.notes("a"))).isEqualTo(notes("a"));
  }

  @Test
  void what_is_appended_while_its_device_is_deleted_does_not_reach_the_successor() {
    for (int round = 0; round < 20; round++) {
      List<Future<?>> changes =
          List.of(
              store.append(List.of(note("a", 1, Kind.CONNECTED, "before"))),
              fleet.devices().delete("a", () -> {}),
              second().append(List.of(note("a", 1, Kind.CONNECTED, "after"))));
      changes.forEach(Results::answer);
      answer(fleet.devices().deletionOver("a"));
      fleet.insert("a");

      assertThat(notes("a")).isEmpty();
    }
  }

  @Test
  void entries_of_another_kind_code_or_device_are_separate() {
    append(note("a", 1, Kind.MESSAGE, "invalid"), note("a", 2, Kind.MESSAGE, "malformed"));
    append(note("a", 3, Kind.REFUSED, "invalid"), note("b", 4, Kind.MESSAGE, "invalid"));

    assertThat(notes("a")).extracting(RecorderEntry::times).containsExactly(1, 1, 1);
    assertThat(notes("b")).hasSize(1);
  }

  @Test
  void a_much_later_repetition_is_a_new_entry() {
    long again = Kind.REFUSED.againMillis();
    append(note("a", 1_000, Kind.REFUSED, "disabled"));
    append(note("a", 1_000 + again - 1, Kind.REFUSED, "disabled"));
    append(note("a", 1_000 + 2 * again, Kind.REFUSED, "disabled"));

    assertThat(notes("a")).extracting(RecorderEntry::times).containsExactly(1, 2);
  }

  @Test
  void only_the_newest_entries_of_each_device_are_kept() {
    append(note("b", 1, Kind.CHANGED, "kept"));
    for (int i = 0; i < KEEP + 5; i++) {
      append(note("a", 100_000L * i, Kind.CONNECTED, "n" + i));
    }

    List<String> newest = IntStream.range(5, KEEP + 5).mapToObj(i -> "n" + i).toList();
    assertThat(notes("a"))
        .extracting(RecorderEntry::code)
        .containsExactlyElementsOf(newest.reversed());
    assertThat(notes("b")).hasSize(1);
  }

  @Test
  void two_alternating_frequent_entries_do_not_evict_earlier_ones() {
    append(note("a", 1, Kind.CHANGED, "before"));
    for (int i = 0; i < 3 * KEEP; i++) {
      append(note("a", 1_000L * i, Kind.MESSAGE, "invalid"));
      append(note("a", 1_000L * i, Kind.THROTTLED, "rate-limited"));
    }

    assertThat(notes("a"))
        .extracting(RecorderEntry::code)
        .containsExactlyInAnyOrder("before", "invalid", "rate-limited");
    assertThat(notes("a")).extracting(RecorderEntry::times).contains(3 * KEEP);
  }

  @Test
  void entries_of_unknown_devices_are_dropped_and_others_kept() {
    append(note("nobody", 1, Kind.CONNECTED, "x"), note("a", 1, Kind.CONNECTED, "x"));

    assertThat(notes("nobody")).isEmpty();
    assertThat(notes("a")).hasSize(1);
  }

  @Test
  void deleting_a_device_deletes_its_entries() {
    append(note("a", 1, Kind.CONNECTED, "x"), note("b", 1, Kind.CONNECTED, "x"));

    fleet.delete("a");
    fleet.insert("a");

    assertThat(notes("a")).isEmpty();
    assertThat(notes("b")).hasSize(1);
  }

  private void append(RecorderEntry... notes) {
    answer(store.append(new ArrayList<>(List.of(notes))));
  }

  private List<RecorderEntry> notes(String device) {
    return answer(store.notes(device));
  }

  private static RecorderEntry note(String device, long ts, Kind kind, String code) {
    return RecorderEntry.once(
        device, ts, kind, code, "text of " + code, ConnectionInfo.UNKNOWN, "hub");
  }
}

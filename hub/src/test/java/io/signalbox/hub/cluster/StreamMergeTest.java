package io.signalbox.hub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.feed.EntryId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order in which entries of several streams are delivered. */
class StreamMergeTest {
  private static final EntryId FIRST = new EntryId(0, 0, 0);

  private final StreamMerge merge = new StreamMerge(3, FIRST);

  private static EntryId id(long millis, int stream, long sequence) {
    return new EntryId(millis, stream, sequence);
  }

  private static List<StreamMerge.Entry> entries(EntryId... ids) {
    return Stream.of(ids).map(id -> new StreamMerge.Entry(id, List.of())).toList();
  }

  private static void add(StreamMerge merge, int stream, long time, EntryId... read) {
    merge.add(stream, time, entries(read), false);
  }

  private static List<EntryId> take(StreamMerge merge) {
    List<EntryId> taken = merge.take().stream().map(StreamMerge.Entry::id).toList();
    taken.forEach(merge::delivered);
    return taken;
  }

  @Test
  void entries_of_one_millisecond_are_ordered_by_stream_and_sequence() {
    add(merge, 2, 8, id(5, 2, 0), id(5, 2, 1));
    add(merge, 0, 8, id(6, 0, 0));
    add(merge, 1, 8, id(5, 1, 7));
    assertThat(take(merge)).containsExactly(id(5, 1, 7), id(5, 2, 0), id(5, 2, 1), id(6, 0, 0));
  }

  @Test
  void entries_of_the_present_millisecond_wait() {
    add(merge, 0, 5, id(4, 0, 0), id(5, 0, 0));
    add(merge, 1, 5);
    add(merge, 2, 5);
    assertThat(take(merge)).containsExactly(id(4, 0, 0));
    assertThat(merge.hasWaiting()).isTrue();
    add(merge, 0, 6, id(5, 0, 1));
    add(merge, 1, 6, id(5, 1, 0));
    add(merge, 2, 6);
    assertThat(take(merge)).containsExactly(id(5, 0, 0), id(5, 0, 1), id(5, 1, 0));
    assertThat(merge.hasWaiting()).isFalse();
  }

  @Test
  void a_server_whose_clock_is_behind_holds_back_what_others_have() {
    add(merge, 0, 9, id(7, 0, 0), id(8, 0, 0));
    add(merge, 1, 9);
    assertThat(take(merge)).isEmpty();
    add(merge, 2, 8);
    assertThat(merge.complete()).isEqualTo(8);
    assertThat(take(merge)).containsExactly(id(7, 0, 0));
  }

  @Test
  void a_truncated_stream_holds_back_later_entries_of_the_others() {
    merge.add(0, 9, entries(id(3, 0, 0), id(4, 0, 0)), true);
    add(merge, 1, 9, id(3, 1, 0), id(5, 1, 0));
    add(merge, 2, 9);
    assertThat(take(merge)).containsExactly(id(3, 0, 0), id(3, 1, 0));
    add(merge, 0, 9, id(4, 0, 1), id(6, 0, 0));
    assertThat(take(merge)).containsExactly(id(4, 0, 0), id(4, 0, 1), id(5, 1, 0), id(6, 0, 0));
  }

  @Test
  void an_entry_before_a_delivered_one_is_late() {
    add(merge, 0, 9, id(5, 0, 0));
    add(merge, 1, 9);
    add(merge, 2, 9);
    assertThat(merge.isLate(id(4, 1, 0))).isFalse();
    take(merge);
    assertThat(merge.isLate(id(4, 1, 0))).isTrue();
    assertThat(merge.isLate(id(5, 0, 0))).isTrue();
    assertThat(merge.isLate(id(5, 0, 1))).isFalse();
    merge.restart(id(4, 1, 0));
    assertThat(merge.isLate(id(4, 1, 0))).isFalse();
  }

  @Test
  void a_clock_that_is_set_back_far_holds_nothing_back() {
    long ahead = 10 + StreamMerge.MAX_AHEAD_MILLIS;
    add(merge, 0, 10, id(ahead, 0, 3), id(ahead + 1, 0, 0), id(ahead + 1, 0, 1));
    add(merge, 1, 10, id(9, 1, 0));
    add(merge, 2, 10, id(ahead + 1, 2, 0));
    assertThat(take(merge)).containsExactly(id(9, 1, 0));
    add(merge, 0, 11);
    add(merge, 1, 11);
    add(merge, 2, 11);
    assertThat(take(merge)).containsExactly(id(10, 2, 0));
    assertThat(merge.waiting(0)).isEqualTo(3);
  }

  /** Streams that grow at random, read in bounded pieces at random moments. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everything_is_delivered_once_in_the_one_order(long seed) {
    Random random = new Random(seed);
    int streams = 1 + random.nextInt(6);
    StreamMerge tested = new StreamMerge(streams, FIRST);
    List<List<EntryId>> written = new ArrayList<>();
    IntStream.range(0, streams).forEach(stream -> written.add(new ArrayList<>()));
    int[] read = new int[streams];
    List<EntryId> delivered = new ArrayList<>();
    for (long now = 1; now <= 3_000; now++) {
      for (int i = random.nextInt(4); i > 0; i--) {
        int stream = random.nextInt(streams);
        written.get(stream).add(next(written.get(stream), now, stream));
      }
      int most = 1 + random.nextInt(20);
      for (int stream : random.ints(random.nextInt(3), 0, streams).toArray()) {
        List<EntryId> all = written.get(stream);
        int end = Math.min(all.size(), read[stream] + most);
        List<EntryId> piece = all.subList(read[stream], end);
        tested.add(stream, now, entries(piece.toArray(EntryId[]::new)), piece.size() == most);
        read[stream] = end;
      }
      delivered.addAll(take(tested));
    }
    for (int stream = 0; stream < streams; stream++) {
      List<EntryId> rest = written.get(stream).subList(read[stream], written.get(stream).size());
      add(tested, stream, 4_000, rest.toArray(EntryId[]::new));
    }
    delivered.addAll(take(tested));
    List<EntryId> expected = new ArrayList<>(written.stream().flatMap(List::stream).toList());
    Collections.sort(expected);
    assertThat(delivered).isEqualTo(expected);
  }

  private static EntryId next(List<EntryId> stream, long now, int number) {
    EntryId last = stream.isEmpty() ? FIRST : stream.getLast();
    return id(now, number, last.millis() == now ? last.sequence() + 1 : 0);
  }
}

package io.signalbox.hub.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The feed that several nodes share: each node has a log of its own with the same positions. */
@Timeout(100)
class SharedFeedTest {
  private static final long NOW = 1_700_000_000_000L;

  private final ManualClock clock = new ManualClock(NOW);
  private final EventFeed north = feed("e");
  private final EventFeed south = feed("e");

  private EventFeed feed(String epoch) {
    EventFeed feed = new EventFeed(new FeedSettings(1_024, 64, 64, 30, 20_000), clock);
    feed.restart(epoch, new EntryId(NOW - 1_000, 0, 0));
    return feed;
  }

  private static Event created(int number) {
    return new Event.DeviceChanged(Integer.toString(number), Event.Change.CREATED, Map.of());
  }

  /** Readings with these timestamps, each an event. */
  private static Event readings(int... times) {
    List<TelemetryMessage> messages = new ArrayList<>();
    for (int time : times) {
      Reading reading = new Reading("n", time, new Value.Flag(true));
      messages.add(new TelemetryMessage("d", List.of(reading)));
    }
    return new TelemetryBatch(messages, times.length);
  }

  private static EntryId at(long millis, int stream, long sequence) {
    return new EntryId(NOW + millis, stream, sequence);
  }

  private static void fill(EventFeed feed) {
    feed.append(at(0, 0, 0), List.of(created(1), created(2)));
    feed.append(at(0, 3, 0), List.of(readings(3, 4, 5), created(6)));
    feed.append(at(0, 3, 1), List.of(readings(7, 8)));
    feed.append(at(5, 1, 0), List.of(created(9)));
  }

  @Test
  void a_cursor_within_an_entry_resumes_exactly_on_another_node() {
    FeedRecorder whole = new FeedRecorder(north, null);
    FeedRecorder slow = new FeedRecorder(north, null);
    fill(north);
    fill(south);
    List<String> all = List.copyOf(whole.read());
    assertThat(all).hasSize(9);
    for (int i = 1; i <= all.size(); i++) {
      slow.read(1);
      FeedRecorder moved = new FeedRecorder(south, slow.cursor());
      assertThat(moved.read()).isEqualTo(all.subList(i, all.size()));
    }
  }

  @Test
  void a_cursor_that_is_ahead_of_a_node_waits_for_it() {
    FeedRecorder first = new FeedRecorder(north, null);
    fill(north);
    first.read(4);
    FeedRecorder moved = new FeedRecorder(south, first.cursor());
    assertThat(moved.read()).isEmpty();
    assertThat(moved.cursor()).isEqualTo(first.cursor());
    fill(south);
    assertThat(moved.read()).isEqualTo(first.read(100).subList(4, 9));
  }

  @Test
  void a_cursor_from_the_future_is_reset() {
    fill(north);
    north.append(at(5_000, 0, 0), List.of(created(10)));
    FeedRecorder ahead = new FeedRecorder(north, null);
    assertThat(new FeedRecorder(south, ahead.cursor()).read()).containsExactly("reset");
  }

  @Test
  void a_cursor_from_before_what_a_node_has_is_reset() {
    FeedRecorder early = new FeedRecorder(north, null);
    EventFeed late = new EventFeed(new FeedSettings(1_024, 64, 64, 30, 20_000), clock);
    late.restart("e", at(1, 0, 0));
    assertThat(new FeedRecorder(late, early.cursor()).read()).containsExactly("reset");
  }

  @Test
  void a_restart_ends_the_clients_of_before_and_resumes_none_of_another_epoch() {
    fill(north);
    FeedRecorder of = new FeedRecorder(north, null);
    north.restart("f", at(3, 0, 0));
    assertThat(of.hasGap()).isTrue();
    assertThat(of.cursor()).startsWith("e-");
    assertThat(new FeedRecorder(north, of.cursor()).read()).containsExactly("reset");
    FeedRecorder fresh = new FeedRecorder(north, null);
    north.append(at(4, 0, 0), List.of(created(1)));
    assertThat(fresh.read()).hasSize(1);
    assertThat(fresh.cursor()).startsWith("f-");
    assertThat(fresh.hasGap()).isFalse();
  }

  @Test
  void a_client_resumes_after_a_restart_with_the_same_epoch_where_nothing_is_missing() {
    fill(north);
    FeedRecorder before = new FeedRecorder(north, null);
    north.restart("e", at(0, 0, 0));
    fill(north);
    north.append(at(6, 0, 0), List.of(created(10)));
    assertThat(before.hasGap()).isTrue();
    assertThat(new FeedRecorder(north, before.cursor()).read()).containsExactly(tail(10));
  }

  private String tail(int created) {
    EventFeed other = feed("other");
    FeedRecorder client = new FeedRecorder(other, null);
    other.append(at(0, 0, 0), List.of(created(created)));
    return client.read().getFirst();
  }
}

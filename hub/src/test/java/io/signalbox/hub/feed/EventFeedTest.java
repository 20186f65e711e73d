package io.signalbox.hub.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The feed's log: what it keeps, and how it finds a position. */
@Timeout(400)
class EventFeedTest {
  private static EventFeed feed(int events, int megabytes) {
    return new EventFeed(
        new FeedSettings(events, megabytes, 64, 30, 20_000), new ManualClock(1_700_000_000_000L));
  }

  /** A page with this many events. */
  private static TelemetryBatch batch(int events) {
    List<TelemetryMessage> messages = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      messages.add(new TelemetryMessage("a", List.of(new Reading("n", 1_000, new Value.Num(i)))));
    }
    return new TelemetryBatch(messages, events);
  }

  private static void fill(EventFeed feed, int pages) {
    for (int i = 0; i < pages; i++) {
      feed.append(batch(1 + i % 3));
    }
  }

  /** Number of pages between the start of a search and its result. */
  private static int steps(EventFeed feed, FeedPosition position, FeedIterator found) {
    int steps = 0;
    for (FeedSegment segment = feed.near(position);
        segment != found.page() && segment != null;
        segment = segment.next) {
      steps++;
    }
    return steps;
  }

  private static void assertStandsAt(FeedPosition position, FeedIterator found) {
    assertThat(found.read()).isEqualTo(position);
    assertThat(found.page().last()).isLessThanOrEqualTo(position);
    FeedSegment next = found.peek();
    assertThat(next == null || next.last().isAfter(position)).isTrue();
  }

  private static FeedPosition newest(EventFeed feed) {
    return feed.present().read();
  }

  private static @Nullable FeedIterator find(EventFeed feed, FeedPosition position) {
    return feed.find(feed.cursor(position), 1);
  }

  @Test
  void any_cursor_in_a_full_feed_is_found_in_a_few_steps() {
    EventFeed feed = feed(65_536, 64);
    fill(feed, 100_000);
    FeedPosition newest = newest(feed);
    int most = 0;
    for (int back = 0; back < 65_530; back++) {
      FeedPosition position = newest.plus(-back);
      FeedIterator found = Objects.requireNonNull(find(feed, position));
      assertStandsAt(position, found);
      most = Math.max(most, steps(feed, position, found));
    }
    assertThat(most).isLessThan(FeedIndex.STRIDE);
  }

  @Test
  void an_evicted_or_future_cursor_is_not_found() {
    EventFeed feed = feed(2_000, 64);
    fill(feed, 10_000);
    FeedPosition newest = newest(feed);
    assertThat(find(feed, newest)).isNotNull();
    assertThat(find(feed, newest.plus(-1_990))).isNotNull();
    assertThat(find(feed, newest.plus(-2_010))).isNull();
    assertThat(find(feed, FeedPosition.START)).isNull();
    assertThat(find(feed, newest.plus(1))).isNull();
  }

  @Test
  void the_index_keeps_no_dropped_page() {
    // Limited by memory: far fewer pages than the index has slots.
    EventFeed feed = feed(65_536, 1);
    FeedIndex index = new FeedIndex(65_536);
    FeedSegment first = feed.present().page();
    fill(feed, 60_000);
    FeedSegment last = first;
    for (FeedSegment each = first; each != null; each = each.next) {
      index.add(each);
      last = each;
    }
    assertThat(index.before(last.last())).isNotNull();
    assertThat(index.before(first.last())).isSameAs(first);
    index.dropBefore(last);
    assertThat(index.before(last.last().plus(-last.events()))).isNull();
    int kept = 0;
    while (find(feed, newest(feed).plus(-kept)) != null) {
      kept++;
    }
    assertThat(kept).isBetween(1_000, 20_000);
    assertThat(feed.near(newest(feed).plus(-kept))).isNull();
  }

  @Test
  void a_position_is_found_while_events_are_appended_and_evicted() throws Exception {
    EventFeed feed = feed(1_024, 64);
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> appending =
        CompletableFuture.runAsync(
            () -> {
              fill(feed, 300_000);
              over.set(true);
            });
    int found = 0;
    for (int back = 0; !over.get() || found == 0; back = (back + 97) % 1_200) {
      FeedPosition position = FeedPosition.max(FeedPosition.START, newest(feed).plus(-back));
      FeedIterator iterator = find(feed, position);
      if (iterator != null) {
        found++;
        assertStandsAt(position, iterator);
      }
    }
    appending.get();
    assertThat(found).isPositive();
  }
}

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
  private static int steps(EventFeed feed, long offset, EventFeed.FeedPosition found) {
    int steps = 0;
    for (FeedSegment segment = feed.near(offset);
        segment != found.segment() && segment != null;
        segment = segment.next) {
      steps++;
    }
    return steps;
  }

  private static EventFeed.@Nullable FeedPosition find(EventFeed feed, long offset) {
    return feed.find(feed.cursor(offset), 1);
  }

  @Test
  void any_cursor_in_a_full_feed_is_found_in_a_few_steps() {
    EventFeed feed = feed(65_536, 64);
    fill(feed, 100_000);
    long newest = feed.present().offset();
    int most = 0;
    for (long offset = newest; offset > newest - 65_530; offset--) {
      EventFeed.FeedPosition position = Objects.requireNonNull(find(feed, offset));
      assertThat(position.offset()).isEqualTo(offset);
      assertThat(position.segment().last()).isLessThanOrEqualTo(offset);
      FeedSegment next = position.segment().next;
      assertThat(next == null || next.last() > offset).isTrue();
      most = Math.max(most, steps(feed, offset, position));
    }
    assertThat(most).isLessThan(FeedIndex.STRIDE);
  }

  @Test
  void an_evicted_or_future_cursor_is_not_found() {
    EventFeed feed = feed(2_000, 64);
    fill(feed, 10_000);
    long newest = feed.present().offset();
    assertThat(find(feed, newest)).isNotNull();
    assertThat(find(feed, newest - 1_990)).isNotNull();
    assertThat(find(feed, newest - 2_010)).isNull();
    assertThat(find(feed, 0)).isNull();
    assertThat(find(feed, newest + 1)).isNull();
  }

  @Test
  void the_index_keeps_no_dropped_page() {
    // Limited by memory: far fewer pages than the index has slots.
    EventFeed feed = feed(65_536, 1);
    FeedIndex index = new FeedIndex(65_536);
    FeedSegment segment = feed.present().segment();
    fill(feed, 60_000);
    FeedSegment first = segment;
    for (FeedSegment each = segment; each != null; each = each.next) {
      index.add(each);
      segment = each;
    }
    assertThat(index.before(segment.last())).isNotNull();
    assertThat(index.before(first.last())).isSameAs(first);
    index.dropBefore(segment);
    assertThat(index.before(segment.first() - 1)).isNull();
    long kept = feed.present().offset();
    while (find(feed, kept) != null) {
      kept--;
    }
    assertThat(feed.present().offset() - kept).isBetween(1_000L, 20_000L);
    assertThat(feed.near(kept)).isNull();
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
    for (long back = 0; !over.get() || found == 0; back = (back + 97) % 1_200) {
      long offset = Math.max(0, feed.present().offset() - back);
      EventFeed.FeedPosition position = find(feed, offset);
      if (position != null) {
        found++;
        assertThat(position.segment().last()).isLessThanOrEqualTo(offset);
        FeedSegment next = position.segment().next;
        assertThat(next == null || next.last() > offset).isTrue();
      }
    }
    appending.get();
    assertThat(found).isPositive();
  }
}

package io.signalbox.hub.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.clock.ManualClock;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Telemetry;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The feed's log: what it keeps, and how a place in it is found. */
@Timeout(60)
class FeedTest {
  private static Feed feed(int events, int megabytes) {
    return new Feed(
        new LiveSettings(events, megabytes, 64, 30, 20_000), new ManualClock(1_700_000_000_000L));
  }

  /** One page of so many events. */
  private static TelemetryBatch batch(int events) {
    List<Telemetry> messages = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      messages.add(new Telemetry("a", List.of(new Reading("n", 1_000, new Value.Num(i)))));
    }
    return new TelemetryBatch(messages, events);
  }

  private static void fill(Feed feed, int pages) {
    for (int i = 0; i < pages; i++) {
      feed.append(batch(1 + i % 3));
    }
  }

  /** Steps over pages that lead from where a search begins to the place that it finds. */
  private static int steps(Feed feed, long offset, Feed.Place found) {
    int steps = 0;
    for (FeedPage page = feed.near(offset);
        page != found.page() && page != null;
        page = page.next) {
      steps++;
    }
    return steps;
  }

  private static Feed.@Nullable Place find(Feed feed, long offset) {
    return feed.find(feed.cursor(offset), 1);
  }

  @Test
  void a_cursor_in_a_full_feed_is_found_in_a_few_steps_wherever_it_is() {
    Feed feed = feed(65_536, 64);
    fill(feed, 100_000);
    long newest = feed.present().offset();
    int most = 0;
    for (long offset = newest; offset > newest - 65_530; offset--) {
      Feed.Place place = Objects.requireNonNull(find(feed, offset));
      assertThat(place.offset()).isEqualTo(offset);
      assertThat(place.page().last()).isLessThanOrEqualTo(offset);
      FeedPage next = place.page().next;
      assertThat(next == null || next.last() > offset).isTrue();
      most = Math.max(most, steps(feed, offset, place));
    }
    assertThat(most).isLessThan(FeedIndex.STRIDE);
  }

  @Test
  void a_cursor_that_is_not_kept_any_more_or_not_there_yet_is_not_found() {
    Feed feed = feed(2_000, 64);
    fill(feed, 10_000);
    long newest = feed.present().offset();
    assertThat(find(feed, newest)).isNotNull();
    assertThat(find(feed, newest - 1_990)).isNotNull();
    assertThat(find(feed, newest - 2_010)).isNull();
    assertThat(find(feed, 0)).isNull();
    assertThat(find(feed, newest + 1)).isNull();
  }

  @Test
  void the_index_holds_no_page_that_the_feed_has_dropped() {
    // By weight: far fewer pages than there is room for.
    Feed feed = feed(65_536, 1);
    FeedIndex index = new FeedIndex(65_536);
    FeedPage page = feed.present().page();
    fill(feed, 60_000);
    FeedPage first = page;
    for (FeedPage each = page; each != null; each = each.next) {
      index.add(each);
      page = each;
    }
    assertThat(index.before(page.last())).isNotNull();
    assertThat(index.before(first.last())).isSameAs(first);
    index.dropBefore(page);
    assertThat(index.before(page.first() - 1)).isNull();
    long kept = feed.present().offset();
    while (find(feed, kept) != null) {
      kept--;
    }
    assertThat(feed.present().offset() - kept).isBetween(1_000L, 20_000L);
    assertThat(feed.near(kept)).isNull();
  }

  @Test
  void a_place_is_found_rightly_while_events_are_appended_and_dropped() throws Exception {
    Feed feed = feed(1_024, 64);
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
      Feed.Place place = find(feed, offset);
      if (place != null) {
        found++;
        assertThat(place.page().last()).isLessThanOrEqualTo(offset);
        FeedPage next = place.page().next;
        assertThat(next == null || next.last() > offset).isTrue();
      }
    }
    appending.get();
    assertThat(found).isPositive();
  }
}

package io.signalbox.hub.live;

import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Telemetry;
import io.signalbox.hub.wire.LiveFrames;
import java.util.List;

/**
 * Shows a viewer every event. While the viewer does not read, nothing is taken from the feed: the
 * place waits, until the feed no longer keeps it.
 */
final class EveryEvent implements Follower, FeedPage.Visitor {
  private final Feed feed;
  private final long id;
  private final Filter filter;
  private FeedPage page;
  private long seen;
  private Outbox outbox;

  EveryEvent(Feed feed, long id, Filter filter, Feed.Place from, Outbox outbox) {
    this.feed = feed;
    this.id = id;
    this.filter = filter;
    this.page = from.page();
    this.seen = from.offset();
    this.outbox = outbox;
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public Filter filter() {
    return filter;
  }

  @Override
  public void pump(Outbox viewer, long now) {
    outbox = viewer;
    FeedPage next = page.next;
    while (next != null && viewer.hasRoom()) {
      next.show(filter, this);
      page = next;
      seen = Math.max(seen, next.last());
      next = page.next;
    }
  }

  @Override
  public void telemetry(long from, long to, Telemetry message, List<byte[]> tails) {
    int last = tails.size() - 1;
    for (int i = 0; i <= last; i++) {
      long offset = i == last ? to : from + i;
      if (offset > seen) {
        outbox.event(LiveFrames.Type.TELEMETRY, id, feed.cursor(offset), tails.get(i));
      }
    }
  }

  @Override
  public void other(long offset, Event event, LiveFrames.Type type, byte[] tail) {
    if (offset > seen) {
      outbox.event(type, id, feed.cursor(offset), tail);
    }
  }

  @Override
  public boolean isLost() {
    return page.next != null && !feed.keeps(page);
  }

  @Override
  public String cursor() {
    return feed.cursor(seen);
  }
}

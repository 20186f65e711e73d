package io.signalbox.hub.feed;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.wire.FeedEventEncoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Subscriptions that share one cursor: it says how far each of them has been told, so that none
 * misses anything, and none without a rate is told anything twice, wherever the way to the viewer
 * breaks. On a WebSocket each subscription has a cursor of its own, and is a bundle alone; on the
 * other ways all that came with one request are a bundle.
 *
 * <p>Threading: the event loop of its connection only.
 */
final class SubscriptionGroup {
  private final EventFeed feed;
  private final List<Subscription> subscriptions;
  private final List<Subscription> reset = new ArrayList<>(0);
  private final List<FeedReader> readers = new ArrayList<>(1);
  private final Map<Long, FeedReader> byId = new HashMap<>();

  private SubscriptionGroup(EventFeed feed, List<Subscription> subscriptions) {
    this.feed = feed;
    this.subscriptions = subscriptions;
  }

  /** A subscription and where it goes on. */
  private record Start(Subscription subscription, EventFeed.FeedPosition position) {}

  /**
   * Begins where each subscription's cursor says, or at the present.
   *
   * @param present taken before the devices of the filters were looked up: what happened since then
   *     is not missed
   * @param begin milliseconds of the monotonic clock: an update of a subscription with a rate is
   *     due an interval later
   */
  static SubscriptionGroup start(
      EventFeed feed,
      List<Subscription> subscriptions,
      EventFeed.FeedPosition present,
      long begin) {
    SubscriptionGroup group = new SubscriptionGroup(feed, subscriptions);
    List<Start> exact = new ArrayList<>(1);
    for (Subscription subscription : subscriptions) {
      Start start = new Start(subscription, group.positionOf(subscription, present));
      if (subscription.isConflated()) {
        FeedCursor position = new FeedCursor(feed, start.position());
        group.add(new ConflatingReader(group, subscription, position, begin), subscription);
      } else {
        exact.add(start);
      }
    }
    if (!exact.isEmpty()) {
      group.add(exact);
    }
    return group;
  }

  private EventFeed.FeedPosition positionOf(
      Subscription subscription, EventFeed.FeedPosition present) {
    String after = subscription.after();
    EventFeed.FeedPosition found = after == null ? present : feed.find(after, subscription.id());
    if (found == null) {
      reset.add(subscription);
      return present;
    }
    return found;
  }

  private void add(List<Start> exact) {
    EventFeed.FeedPosition first =
        exact.stream()
            .map(Start::position)
            .min(Comparator.comparingLong(EventFeed.FeedPosition::offset))
            .orElseThrow();
    Map<Long, Long> before = new HashMap<>();
    for (Start start : exact) {
      if (start.position().offset() > first.offset()) {
        before.put(start.subscription().id(), start.position().offset());
      }
    }
    List<Subscription> all = exact.stream().map(Start::subscription).toList();
    FeedReader reader = new LosslessReader(this, all, before, new FeedCursor(feed, first));
    readers.addFirst(reader);
    all.forEach(subscription -> byId.put(subscription.id(), reader));
  }

  private void add(FeedReader reader, Subscription subscription) {
    readers.add(reader);
    byId.put(subscription.id(), reader);
  }

  HubClock clock() {
    return feed.clock();
  }

  /** Tells which subscriptions could not resume: they go on from the present. */
  void sendResets(EventSink sink) {
    String cursor = reset.isEmpty() ? "" : cursor();
    for (Subscription subscription : reset) {
      sink.event(FeedEventEncoder.Type.RESET, subscription.id(), resetReason(subscription), cursor);
    }
    reset.clear();
  }

  private byte[] resetReason(Subscription subscription) {
    Cursor cursor = Cursor.parse(String.valueOf(subscription.after()));
    boolean ours = cursor != null && cursor.epoch().equals(feed.epoch());
    return FeedEventEncoder.reset(ours ? "dropped" : "unknown");
  }

  /** Tells what is new and due, as far as there is room. */
  void deliver(EventSink sink, long now) {
    for (FeedReader reader : readers) {
      reader.deliver(sink, now);
    }
  }

  /** Tells what is held back for its rate. */
  void flush(EventSink sink, long now) {
    for (FeedReader reader : readers) {
      reader.flush(sink, now);
    }
  }

  /** Whether one of them cannot go on, because events were dropped that it is still to be told. */
  boolean hasGap() {
    for (FeedReader reader : readers) {
      if (reader.hasGap()) {
        return true;
      }
    }
    return false;
  }

  /** Whether one of them may hold events back. */
  boolean isConflated() {
    return readers.getLast() instanceof ConflatingReader;
  }

  /** What it holds together. */
  List<Subscription> subscriptions() {
    return subscriptions;
  }

  /** How far one of them has been told. */
  String cursorOf(Subscription subscription) {
    return feed.cursor(deliveredUpTo(subscription.id()));
  }

  /** How far all of them have been told, each as far as it was. */
  String cursor() {
    if (subscriptions.size() == 1) {
      return feed.cursor(readers.getFirst().deliveredUpTo(subscriptions.getFirst().id()));
    }
    long all = Long.MAX_VALUE;
    long most = 0;
    for (Subscription subscription : subscriptions) {
      long deliveredUpTo = deliveredUpTo(subscription.id());
      all = Math.min(all, deliveredUpTo);
      most = Math.max(most, deliveredUpTo);
    }
    return all == most ? feed.cursor(all) : cursorWithAhead(all);
  }

  private String cursorWithAhead(long all) {
    Map<Long, Long> ahead = new HashMap<>();
    for (Subscription subscription : subscriptions) {
      long deliveredUpTo = deliveredUpTo(subscription.id());
      if (deliveredUpTo > all) {
        ahead.put(subscription.id(), deliveredUpTo);
      }
    }
    return new Cursor(feed.epoch(), all, ahead).text();
  }

  private long deliveredUpTo(long id) {
    FeedReader reader = byId.get(id);
    return reader == null ? 0 : reader.deliveredUpTo(id);
  }
}

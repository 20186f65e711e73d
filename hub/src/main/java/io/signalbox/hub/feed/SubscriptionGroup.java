package io.signalbox.hub.feed;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.wire.FeedEventEncoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Subscriptions that share one cursor. The cursor holds the position of each, so that after a
 * broken connection none misses an event, and none without a rate gets an event twice. On a
 * WebSocket each subscription is a group of its own; on the other transports all subscriptions of a
 * request are one group.
 *
 * <p>Threading: the event loop of its connection only.
 */
public final class SubscriptionGroup {
  private final FeedLog log;
  private final List<Subscription> subscriptions;
  private final List<Subscription> reset = new ArrayList<>(0);
  private final List<FeedReader> readers = new ArrayList<>(1);
  private final Map<Long, FeedReader> byId = new HashMap<>();

  private SubscriptionGroup(FeedLog log, List<Subscription> subscriptions) {
    this.log = log;
    this.subscriptions = subscriptions;
  }

  /** A subscription and its start position. */
  private record Start(Subscription subscription, FeedIterator pages) {}

  /**
   * Starts each subscription at its cursor, or at the present.
   *
   * @param present end of the feed before the lookup of the filters' devices, so that no later
   *     change is missed
   * @param begin milliseconds of the monotonic clock: the first update of a subscription with a
   *     rate is due one interval later
   */
  static SubscriptionGroup start(
      List<Subscription> subscriptions, FeedIterator present, long begin) {
    SubscriptionGroup group = new SubscriptionGroup(present.log(), subscriptions);
    List<Start> exact = new ArrayList<>(1);
    for (Subscription subscription : subscriptions) {
      FeedIterator pages = group.startOf(subscription, present);
      if (subscription.isConflated()) {
        group.add(new ConflatingReader(group, subscription, pages, begin), subscription);
      } else {
        exact.add(new Start(subscription, pages));
      }
    }
    if (!exact.isEmpty()) {
      group.add(exact);
    }
    return group;
  }

  private FeedIterator startOf(Subscription subscription, FeedIterator present) {
    String after = subscription.after();
    FeedIterator found = after == null ? present.copy() : log.find(after, subscription.id());
    if (found == null) {
      reset.add(subscription);
      return present.copy();
    }
    return found;
  }

  private void add(List<Start> exact) {
    FeedIterator first =
        exact.stream()
            .map(Start::pages)
            .min(Comparator.comparing(FeedIterator::read))
            .orElseThrow();
    Map<Long, FeedPosition> ahead = new HashMap<>();
    for (Start start : exact) {
      if (start.pages().read().isAfter(first.read())) {
        ahead.put(start.subscription().id(), start.pages().read());
      }
    }
    List<Subscription> all = exact.stream().map(Start::subscription).toList();
    FeedReader reader = new LosslessReader(this, all, ahead, first);
    readers.addFirst(reader);
    all.forEach(subscription -> byId.put(subscription.id(), reader));
  }

  private void add(FeedReader reader, Subscription subscription) {
    readers.add(reader);
    byId.put(subscription.id(), reader);
  }

  HubClock clock() {
    return log.clock();
  }

  /** Sends a reset to subscriptions that could not resume and start at the present. */
  public void sendResets(EventSink sink) {
    String cursor = reset.isEmpty() ? "" : cursor();
    for (Subscription subscription : reset) {
      sink.event(FeedEventEncoder.Type.RESET, subscription.id(), resetReason(subscription), cursor);
    }
    reset.clear();
  }

  private byte[] resetReason(Subscription subscription) {
    return FeedEventEncoder.reset(log.isOwn(subscription.after()) ? "dropped" : "unknown");
  }

  /** Sends new events that are due, while there is room. */
  public void deliver(EventSink sink, long now) {
    for (FeedReader reader : readers) {
      reader.deliver(sink, now);
    }
  }

  /** Sends all merged updates. */
  public void flush(EventSink sink, long now) {
    for (FeedReader reader : readers) {
      reader.flush(sink, now);
    }
  }

  /** Whether a subscription cannot continue because the feed has dropped its next events. */
  public boolean hasGap() {
    for (FeedReader reader : readers) {
      if (reader.hasGap()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a subscription may hold updates back. */
  public boolean isConflated() {
    return readers.getLast() instanceof ConflatingReader;
  }

  /** The subscriptions of the group. */
  public List<Subscription> subscriptions() {
    return subscriptions;
  }

  /** The cursor of one subscription. */
  public String cursorOf(Subscription subscription) {
    return log.cursor(deliveredUpTo(subscription.id()));
  }

  /** The shared cursor, with the position of each subscription. */
  public String cursor() {
    if (subscriptions.size() == 1) {
      return log.cursor(readers.getFirst().deliveredUpTo(subscriptions.getFirst().id()));
    }
    FeedPosition all = deliveredUpTo(subscriptions.getFirst().id());
    FeedPosition most = all;
    for (Subscription subscription : subscriptions) {
      FeedPosition deliveredUpTo = deliveredUpTo(subscription.id());
      all = FeedPosition.min(all, deliveredUpTo);
      most = FeedPosition.max(most, deliveredUpTo);
    }
    return most.isAfter(all) ? cursorWithAhead(all) : log.cursor(all);
  }

  private String cursorWithAhead(FeedPosition all) {
    Map<Long, FeedPosition> ahead = new HashMap<>();
    for (Subscription subscription : subscriptions) {
      FeedPosition deliveredUpTo = deliveredUpTo(subscription.id());
      if (deliveredUpTo.isAfter(all)) {
        ahead.put(subscription.id(), deliveredUpTo);
      }
    }
    return new Cursor(log.epoch(), all, ahead).text();
  }

  private FeedPosition deliveredUpTo(long id) {
    return Objects.requireNonNull(byId.get(id)).deliveredUpTo(id);
  }
}

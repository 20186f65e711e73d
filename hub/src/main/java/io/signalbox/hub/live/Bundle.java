package io.signalbox.hub.live;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.wire.LiveFrames;
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
final class Bundle {
  private final Feed feed;
  private final List<Subscription> subscriptions;
  private final List<Subscription> reset = new ArrayList<>(0);
  private final List<Follower> followers = new ArrayList<>(1);
  private final Map<Long, Follower> byId = new HashMap<>();

  private Bundle(Feed feed, List<Subscription> subscriptions) {
    this.feed = feed;
    this.subscriptions = subscriptions;
  }

  /** A subscription and where it goes on. */
  private record Start(Subscription subscription, Feed.Place place) {}

  /**
   * Begins where each subscription's cursor says, or at the present.
   *
   * @param present taken before the devices of the filters were looked up: what happened since then
   *     is not missed
   * @param begin milliseconds of the monotonic clock: an update of a subscription with a rate is
   *     due an interval later
   */
  static Bundle start(Feed feed, List<Subscription> subscriptions, Feed.Place present, long begin) {
    Bundle bundle = new Bundle(feed, subscriptions);
    List<Start> exact = new ArrayList<>(1);
    for (Subscription subscription : subscriptions) {
      Start start = new Start(subscription, bundle.placeOf(subscription, present));
      if (subscription.isRated()) {
        Bookmark place = new Bookmark(feed, start.place());
        bundle.add(new Conflated(bundle, subscription, place, begin), subscription);
      } else {
        exact.add(start);
      }
    }
    if (!exact.isEmpty()) {
      bundle.add(exact);
    }
    return bundle;
  }

  private Feed.Place placeOf(Subscription subscription, Feed.Place present) {
    String after = subscription.after();
    Feed.Place found = after == null ? present : feed.find(after, subscription.id());
    if (found == null) {
      reset.add(subscription);
      return present;
    }
    return found;
  }

  private void add(List<Start> exact) {
    Feed.Place first =
        exact.stream()
            .map(Start::place)
            .min(Comparator.comparingLong(Feed.Place::offset))
            .orElseThrow();
    Map<Long, Long> before = new HashMap<>();
    for (Start start : exact) {
      if (start.place().offset() > first.offset()) {
        before.put(start.subscription().id(), start.place().offset());
      }
    }
    List<Subscription> all = exact.stream().map(Start::subscription).toList();
    Follower follower = new EveryEvent(this, all, before, new Bookmark(feed, first));
    followers.addFirst(follower);
    all.forEach(subscription -> byId.put(subscription.id(), follower));
  }

  private void add(Follower follower, Subscription subscription) {
    followers.add(follower);
    byId.put(subscription.id(), follower);
  }

  HubClock clock() {
    return feed.clock();
  }

  /** Tells which subscriptions could not resume: they go on from the present. */
  void tellResets(Outbox outbox) {
    String cursor = reset.isEmpty() ? "" : cursor();
    for (Subscription subscription : reset) {
      outbox.event(LiveFrames.Type.RESET, subscription.id(), because(subscription), cursor);
    }
    reset.clear();
  }

  private byte[] because(Subscription subscription) {
    Cursor cursor = Cursor.parse(String.valueOf(subscription.after()));
    boolean ours = cursor != null && cursor.epoch().equals(feed.epoch());
    return LiveFrames.reset(ours ? "dropped" : "unknown");
  }

  /** Tells what is new and due, as far as there is room. */
  void pump(Outbox outbox, long now) {
    for (Follower follower : followers) {
      follower.pump(outbox, now);
    }
  }

  /** Tells what is held back for its rate. */
  void flush(Outbox outbox, long now) {
    for (Follower follower : followers) {
      follower.flush(outbox, now);
    }
  }

  /** Whether one of them cannot go on, because events were dropped that it is still to be told. */
  boolean isLost() {
    for (Follower follower : followers) {
      if (follower.isLost()) {
        return true;
      }
    }
    return false;
  }

  /** Whether one of them may hold events back. */
  boolean isRated() {
    return followers.getLast() instanceof Conflated;
  }

  /** What it holds together. */
  List<Subscription> subscriptions() {
    return subscriptions;
  }

  /** How far one of them has been told. */
  String cursorOf(Subscription subscription) {
    return feed.cursor(told(subscription.id()));
  }

  /** How far all of them have been told, each as far as it was. */
  String cursor() {
    if (subscriptions.size() == 1) {
      return feed.cursor(followers.getFirst().told(subscriptions.getFirst().id()));
    }
    long all = Long.MAX_VALUE;
    long most = 0;
    for (Subscription subscription : subscriptions) {
      long told = told(subscription.id());
      all = Math.min(all, told);
      most = Math.max(most, told);
    }
    return all == most ? feed.cursor(all) : apart(all);
  }

  private String apart(long all) {
    Map<Long, Long> ahead = new HashMap<>();
    for (Subscription subscription : subscriptions) {
      long told = told(subscription.id());
      if (told > all) {
        ahead.put(subscription.id(), told);
      }
    }
    return new Cursor(feed.epoch(), all, ahead).text();
  }

  private long told(long id) {
    Follower follower = byId.get(id);
    return follower == null ? 0 : follower.told(id);
  }
}

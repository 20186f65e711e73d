package io.signalbox.hub.feed;

import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.wire.FeedEventEncoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Reader that sends every event exactly once to each subscription, in the order of the feed, so
 * that one cursor describes all of them. While the client does not read, nothing is taken from the
 * feed: the position waits, even within a page, until the feed drops it.
 */
final class LosslessReader implements FeedReader {
  private final SubscriptionGroup group;
  private final List<Subscription> subscriptions;

  /** Positions ahead of the reader, by subscription id. */
  private final Map<Long, Long> before;

  private final FeedCursor position;

  /**
   * A reader that starts at a position.
   *
   * @param before what subscriptions have received beyond that position, by id; taken over
   */
  LosslessReader(
      SubscriptionGroup group,
      List<Subscription> subscriptions,
      Map<Long, Long> before,
      FeedCursor position) {
    this.group = group;
    this.subscriptions = subscriptions;
    this.before = before;
    this.position = position;
  }

  /** An event to send. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Delivered(long offset, FeedEventEncoder.Type type, long id, byte[] tail) {}

  /** Collects the events of a page that one subscription has not received. */
  private record Collector(long id, long after, List<Delivered> events)
      implements FeedSegment.EventConsumer {
    @Override
    public void telemetry(long from, long to, TelemetryMessage message, List<byte[]> tails) {
      int last = tails.size() - 1;
      for (int i = 0; i <= last; i++) {
        add(i == last ? to : from + i, FeedEventEncoder.Type.TELEMETRY, tails.get(i));
      }
    }

    @Override
    public void other(long offset, Event event, FeedEventEncoder.Type type, byte[] tail) {
      add(offset, type, tail);
    }

    private void add(long offset, FeedEventEncoder.Type type, byte[] tail) {
      if (offset > after) {
        events.add(new Delivered(offset, type, id, tail));
      }
    }
  }

  @Override
  public void deliver(EventSink sink, long now) {
    FeedSegment next = position.next();
    while (next != null && sink.isWritable() && send(collect(next), sink)) {
      nextSegment(next);
      next = position.next();
    }
  }

  private void nextSegment(FeedSegment segment) {
    position.nextSegment(segment);
    for (Subscription to : subscriptions) {
      to.leave(segment);
    }
  }

  private List<Delivered> collect(FeedSegment segment) {
    List<Delivered> events = new ArrayList<>(0);
    for (Subscription to : subscriptions) {
      to.enter(segment);
      segment.show(to.filter(), new Collector(to.id(), deliveredUpTo(to.id()), events));
    }
    if (subscriptions.size() > 1) {
      events.sort(Comparator.comparingLong(Delivered::offset));
    }
    return events;
  }

  /** Sends events while there is room; returns whether all were sent. */
  private boolean send(List<Delivered> events, EventSink sink) {
    for (int i = 0; i < events.size(); i++) {
      if (!sink.isWritable()) {
        return false;
      }
      Delivered event = events.get(i);
      boolean others = i + 1 < events.size() && events.get(i + 1).offset() == event.offset();
      if (others) {
        position.advanceTo(event.offset() - 1);
        before.put(event.id(), event.offset());
      } else {
        position.advanceTo(event.offset());
      }
      sink.event(event.type(), event.id(), event.tail(), group.cursor());
    }
    return true;
  }

  @Override
  public void flush(EventSink sink, long now) {}

  @Override
  public boolean hasGap() {
    return position.hasGap();
  }

  @Override
  public long deliveredUpTo(long id) {
    return before.isEmpty()
        ? position.read()
        : Math.max(position.read(), before.getOrDefault(id, 0L));
  }
}

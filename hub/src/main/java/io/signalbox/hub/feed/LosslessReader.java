package io.signalbox.hub.feed;

import io.signalbox.hub.model.Event;
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

  /** What subscriptions have received beyond the iterator, by id. */
  private final Map<Long, FeedPosition> ahead;

  private final FeedIterator pages;

  /**
   * A reader that continues where an iterator stands.
   *
   * @param ahead what subscriptions have received beyond it, by id; taken over
   * @param pages taken over
   */
  LosslessReader(
      SubscriptionGroup group,
      List<Subscription> subscriptions,
      Map<Long, FeedPosition> ahead,
      FeedIterator pages) {
    this.group = group;
    this.subscriptions = subscriptions;
    this.ahead = ahead;
    this.pages = pages;
  }

  /** Receives the events of a page one by one. */
  private interface EventReceiver extends FeedSegment.EventConsumer {
    void event(FeedPosition position, FeedEventEncoder.Type type, byte[] tail);

    @Override
    default void telemetry(FeedSegment.EncodedMessage message) {
      List<byte[]> tails = message.tails();
      for (int i = 0; i < tails.size(); i++) {
        event(message.position(i), FeedEventEncoder.Type.TELEMETRY, tails.get(i));
      }
    }

    @Override
    default void other(
        FeedPosition position, Event event, FeedEventEncoder.Type type, byte[] tail) {
      event(position, type, tail);
    }
  }

  /** Sends the events of a page to the only subscription, while there is room. */
  private final class Sender implements EventReceiver {
    private final long id;
    private final EventSink sink;
    private boolean full;

    Sender(long id, EventSink sink) {
      this.id = id;
      this.sink = sink;
    }

    @Override
    public void event(FeedPosition position, FeedEventEncoder.Type type, byte[] tail) {
      if (full || !position.isAfter(pages.read())) {
        return;
      }
      full = !sink.isWritable();
      if (!full) {
        pages.advanceTo(position);
        sink.event(type, id, tail, group.cursor());
      }
    }
  }

  /** An event to send. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Delivered(
      FeedPosition position, FeedEventEncoder.Type type, long id, byte[] tail) {}

  /** Collects the events of a page that one of several subscriptions has not received. */
  private record Collector(long id, FeedPosition after, List<Delivered> events)
      implements EventReceiver {
    @Override
    public void event(FeedPosition position, FeedEventEncoder.Type type, byte[] tail) {
      if (position.isAfter(after)) {
        events.add(new Delivered(position, type, id, tail));
      }
    }
  }

  @Override
  public void deliver(EventSink sink, long now) {
    FeedSegment next = pages.peek();
    while (next != null && sink.isWritable() && send(next, sink)) {
      pages.advancePast(next);
      for (Subscription to : subscriptions) {
        to.leave(next);
      }
      next = pages.peek();
    }
  }

  /** Sends the events of a page while there is room; returns whether all were sent. */
  private boolean send(FeedSegment page, EventSink sink) {
    if (subscriptions.size() > 1) {
      return send(collect(page), sink);
    }
    Subscription only = subscriptions.getFirst();
    only.enter(page);
    Sender sender = new Sender(only.id(), sink);
    page.show(only.filter(), sender);
    return !sender.full;
  }

  private List<Delivered> collect(FeedSegment page) {
    List<Delivered> events = new ArrayList<>(0);
    for (Subscription to : subscriptions) {
      to.enter(page);
      page.show(to.filter(), new Collector(to.id(), deliveredUpTo(to.id()), events));
    }
    events.sort(Comparator.comparing(Delivered::position));
    return events;
  }

  private boolean send(List<Delivered> events, EventSink sink) {
    for (int i = 0; i < events.size(); i++) {
      if (!sink.isWritable()) {
        return false;
      }
      Delivered event = events.get(i);
      boolean others =
          i + 1 < events.size() && events.get(i + 1).position().equals(event.position());
      if (others) {
        // The others have what they want of the events before this one.
        ahead.put(event.id(), event.position());
      } else {
        pages.advanceTo(event.position());
      }
      sink.event(event.type(), event.id(), event.tail(), group.cursor());
    }
    return true;
  }

  @Override
  public void flush(EventSink sink, long now) {}

  @Override
  public boolean hasGap() {
    return pages.hasGap();
  }

  @Override
  public FeedPosition deliveredUpTo(long id) {
    FeedPosition read = pages.read();
    return ahead.isEmpty() ? read : FeedPosition.max(read, ahead.getOrDefault(id, read));
  }
}

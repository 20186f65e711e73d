package io.signalbox.hub.live;

import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Telemetry;
import io.signalbox.hub.wire.LiveFrames;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Tells a viewer every event, exactly once to each of its subscriptions, in the order of the feed:
 * so that one cursor can say how far all of them are. While the viewer does not read, nothing is
 * taken from the feed: the place waits, be it in the middle of a page, until the feed no longer
 * keeps it.
 */
final class EveryEvent implements Follower {
  private final Bundle bundle;
  private final List<Subscription> subscriptions;

  /** Beyond the place, by id. */
  private final Map<Long, Long> before;

  private final Bookmark place;

  /**
   * A follower that goes on from a place.
   *
   * @param before what subscriptions have been told beyond that place, by id; taken over
   */
  EveryEvent(
      Bundle bundle, List<Subscription> subscriptions, Map<Long, Long> before, Bookmark place) {
    this.bundle = bundle;
    this.subscriptions = subscriptions;
    this.before = before;
    this.place = place;
  }

  /** An event that is to be told. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Told(long offset, LiveFrames.Type type, long id, byte[] tail) {}

  /** Gathers from one page what one subscription has not been told yet. */
  private record Gathering(long id, long after, List<Told> events) implements FeedPage.Visitor {
    @Override
    public void telemetry(long from, long to, Telemetry message, List<byte[]> tails) {
      int last = tails.size() - 1;
      for (int i = 0; i <= last; i++) {
        add(i == last ? to : from + i, LiveFrames.Type.TELEMETRY, tails.get(i));
      }
    }

    @Override
    public void other(long offset, Event event, LiveFrames.Type type, byte[] tail) {
      add(offset, type, tail);
    }

    private void add(long offset, LiveFrames.Type type, byte[] tail) {
      if (offset > after) {
        events.add(new Told(offset, type, id, tail));
      }
    }
  }

  @Override
  public void pump(Outbox outbox, long now) {
    FeedPage next = place.ahead();
    while (next != null && outbox.hasRoom() && tell(gather(next), outbox)) {
      turn(next);
      next = place.ahead();
    }
  }

  private void turn(FeedPage page) {
    place.turn(page);
    for (Subscription to : subscriptions) {
      to.leave(page);
    }
  }

  private List<Told> gather(FeedPage page) {
    List<Told> events = new ArrayList<>(0);
    for (Subscription to : subscriptions) {
      to.enter(page);
      page.show(to.filter(), new Gathering(to.id(), told(to.id()), events));
    }
    if (subscriptions.size() > 1) {
      events.sort(Comparator.comparingLong(Told::offset));
    }
    return events;
  }

  /** Tells the events of a page, as far as there is room; whether that was all of them. */
  private boolean tell(List<Told> events, Outbox outbox) {
    for (int i = 0; i < events.size(); i++) {
      if (!outbox.hasRoom()) {
        return false;
      }
      Told event = events.get(i);
      boolean others = i + 1 < events.size() && events.get(i + 1).offset() == event.offset();
      if (others) {
        place.readTo(event.offset() - 1);
        before.put(event.id(), event.offset());
      } else {
        place.readTo(event.offset());
      }
      outbox.event(event.type(), event.id(), event.tail(), bundle.cursor());
    }
    return true;
  }

  @Override
  public void flush(Outbox outbox, long now) {}

  @Override
  public boolean isLost() {
    return place.isLost();
  }

  @Override
  public long told(long id) {
    return before.isEmpty() ? place.read() : Math.max(place.read(), before.getOrDefault(id, 0L));
  }
}

package io.signalbox.hub.live;

import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.Telemetry;
import io.signalbox.hub.wire.LiveFrames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Shows a viewer no more than so many updates a second of each device: what comes faster, or while
 * the viewer does not read, is folded into the newest, and the event says how many messages it
 * stands for. Of other events the newest of each subject is shown. What is kept is bounded by the
 * number of devices and metrics, not by how long the viewer sleeps.
 *
 * <p>Readings that are folded may lie before the place reached in the feed, so an event's cursor is
 * that of the last event before the oldest one still held back: resuming from it may repeat, but
 * never skips.
 */
final class Conflated implements Follower, FeedPage.Visitor {
  private final Feed feed;
  private final long id;
  private final Filter filter;
  private final long intervalMillis;
  private final Map<String, Pending> pending = new LinkedHashMap<>();
  private final Map<String, Long> shownAt = new HashMap<>();
  private final Map<String, Newest> others = new LinkedHashMap<>();
  private FeedPage page;
  private long seen;

  Conflated(Feed feed, long id, Filter filter, Feed.Place from, double rate) {
    this.feed = feed;
    this.id = id;
    this.filter = filter;
    this.intervalMillis = Math.max(1, Math.round(1000 / rate));
    this.page = from.page();
    this.seen = from.offset();
  }

  /** What is held back of a device. */
  private static final class Pending {
    private final long first;
    private final Map<String, Reading> newest = new LinkedHashMap<>();
    private long messages;

    Pending(long first) {
      this.first = first;
    }

    void fold(Telemetry message) {
      messages++;
      for (Reading reading : message.readings()) {
        newest.merge(reading.metric(), reading, (a, b) -> b.ts() >= a.ts() ? b : a);
      }
    }
  }

  /** The newest event of a subject. */
  private static final class Newest {
    private final long first;
    private final LiveFrames.Type type;
    private final byte[] tail;

    Newest(long first, LiveFrames.Type type, byte[] tail) {
      this.first = first;
      this.type = type;
      this.tail = tail;
    }
  }

  private record Due(String device, Pending pending) {}

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
    for (FeedPage next = page.next; next != null; next = page.next) {
      next.show(filter, this);
      page = next;
      seen = Math.max(seen, next.last());
    }
    if (viewer.hasRoom()) {
      show(viewer, now);
    }
  }

  @Override
  public void telemetry(long from, long to, Telemetry message, List<byte[]> tails) {
    if (to > seen) {
      pending.computeIfAbsent(message.device(), device -> new Pending(from)).fold(wanted(message));
    }
  }

  private Telemetry wanted(Telemetry message) {
    if (filter.metrics().isEmpty()) {
      return message;
    }
    return new Telemetry(
        message.device(),
        message.readings().stream()
            .filter(reading -> filter.metrics().contains(reading.metric()))
            .toList());
  }

  @Override
  public void other(long offset, Event event, LiveFrames.Type type, byte[] tail) {
    if (offset > seen) {
      Newest before = others.remove(subject(event));
      others.put(subject(event), new Newest(before == null ? offset : before.first, type, tail));
    }
  }

  private static String subject(Event event) {
    return switch (event) {
      case Event.CommandChanged command -> "command " + command.command().id();
      case Event.JobChanged job -> "job " + job.job().id();
      case Event.PresenceChanged presence -> "presence " + presence.device();
      case Event.TwinChanged twin -> "twin " + twin.device();
      case Event.DeviceChanged device -> "device " + device.device() + device.change();
      default -> "";
    };
  }

  private void show(Outbox viewer, long now) {
    List<Newest> news = List.copyOf(others.values());
    others.clear();
    List<Due> due = takeDue(now);
    String cursor = cursor();
    news.forEach(newest -> viewer.event(newest.type, id, cursor, newest.tail));
    for (Due update : due) {
      shownAt.put(update.device(), now);
      show(viewer, update, cursor);
    }
  }

  private List<Due> takeDue(long now) {
    List<Due> due = new ArrayList<>();
    Iterator<Map.Entry<String, Pending>> waiting = pending.entrySet().iterator();
    while (waiting.hasNext()) {
      Map.Entry<String, Pending> entry = waiting.next();
      if (now - shownAt.getOrDefault(entry.getKey(), 0L) >= intervalMillis) {
        due.add(new Due(entry.getKey(), entry.getValue()));
        waiting.remove();
      }
    }
    return due;
  }

  /**
   * One event for each timestamp among the newest readings, oldest first; the last one bears the
   * count.
   */
  private void show(Outbox viewer, Due update, String cursor) {
    Map<Long, List<Reading>> byTime = new TreeMap<>();
    for (Reading reading : update.pending().newest.values()) {
      byTime.computeIfAbsent(reading.ts(), ts -> new ArrayList<>()).add(reading);
    }
    int left = byTime.size();
    for (List<Reading> readings : byTime.values()) {
      left--;
      long count = left == 0 ? update.pending().messages - byTime.size() + 1 : 1;
      viewer.event(
          LiveFrames.Type.TELEMETRY, id, cursor, LiveFrames.tail(update.device(), readings, count));
    }
  }

  @Override
  public boolean isLost() {
    return false;
  }

  @Override
  public String cursor() {
    long oldest = seen + 1;
    for (Pending held : pending.values()) {
      oldest = Math.min(oldest, held.first);
    }
    for (Newest held : others.values()) {
      oldest = Math.min(oldest, held.first);
    }
    return feed.cursor(oldest - 1);
  }
}

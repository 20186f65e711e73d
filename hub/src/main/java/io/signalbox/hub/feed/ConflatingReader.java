package io.signalbox.hub.feed;

import io.signalbox.hub.clock.WallClock;
import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.wire.FeedEventEncoder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reader that limits the updates per device and second: updates that come faster, or while the
 * client does not read, are merged into the newest one, with the number of merged messages. Of
 * other events only the newest per subject is kept. The memory is bounded by the number of devices
 * and metrics, not by how long the client does not read.
 *
 * <p>Merged readings may be older than the position in the feed, so an event's cursor is that of
 * the last event before the oldest one still held back: resuming from it may repeat events but
 * never skips any.
 */
final class ConflatingReader implements FeedReader, FeedSegment.EventConsumer {
  private static final int MOST_SUBJECTS = 16_384;

  /** Tolerance for device clocks that are ahead, in milliseconds. */
  private static final long AHEAD_MILLIS = 10_000;

  private final SubscriptionGroup group;
  private final Subscription subscription;
  private final FeedIterator pages;
  private final long intervalMillis;
  private final long begin;
  private final Map<String, Pending> pending = new LinkedHashMap<>();

  /**
   * When each device was last sent, oldest first; only devices whose next update is not due yet.
   */
  private final Map<String, Long> shownAt = new LinkedHashMap<>();

  private final Map<String, Newest> others = new LinkedHashMap<>();

  /** The resume position while only a part of the due events is sent; null otherwise. */
  private @Nullable FeedPosition resumeAt;

  /**
   * A reader that continues where an iterator stands, which it takes over.
   *
   * @param begin milliseconds of the monotonic clock: the first update of a device is due one
   *     interval later
   */
  ConflatingReader(
      SubscriptionGroup group, Subscription subscription, FeedIterator pages, long begin) {
    this.group = group;
    this.subscription = subscription;
    this.pages = pages;
    this.intervalMillis = Math.max(1, Math.round(1000 / subscription.rate()));
    this.begin = begin;
  }

  /** The merged update of a device. */
  private static final class Pending {
    /** What a client has received that has none of the merged messages. */
    private final FeedPosition before;

    private final WallClock clock;
    private final Map<String, Reading> newest = new LinkedHashMap<>();
    private long messages;

    /** Metrics whose newest reading does not fit the device's type; null if there are none. */
    private @Nullable Set<String> misfits;

    Pending(FeedPosition before, WallClock clock) {
      this.before = before;
      this.clock = clock;
    }

    /** The newer reading, by the store's rule: one from the future does not hide later ones. */
    private Reading newer(Reading before, Reading arrived) {
      boolean hides =
          arrived.ts() < before.ts() && before.ts() <= clock.wallMillis() + AHEAD_MILLIS;
      return hides ? before : arrived;
    }

    void fold(TelemetryMessage message) {
      messages++;
      for (Reading reading : message.readings()) {
        newest.merge(reading.metric(), reading, this::newer);
      }
      if (misfits != null || message.misfits() != null) {
        mark(message);
      }
    }

    /** Marks those of the message's readings that are the newest now. */
    private void mark(TelemetryMessage message) {
      Set<String> marked = misfits == null ? new LinkedHashSet<>() : misfits;
      Set<Reading> unfit = Objects.requireNonNullElse(message.misfits(), Set.of());
      for (Reading reading : message.readings()) {
        if (reading.equals(newest.get(reading.metric()))) {
          if (unfit.contains(reading)) {
            marked.add(reading.metric());
          } else {
            marked.remove(reading.metric());
          }
        }
      }
      misfits = marked.isEmpty() ? null : marked;
    }

    /** The marked metrics among those of some readings. */
    List<String> misfits(List<Reading> readings) {
      Set<String> marked = misfits;
      return marked == null
          ? List.of()
          : readings.stream().map(Reading::metric).filter(marked::contains).toList();
    }
  }

  /** The newest event of a subject. */
  private static final class Newest {
    /** What a client has received that has none of the subject's merged events. */
    private final FeedPosition before;

    private final FeedEventEncoder.Type type;
    private final byte[] tail;

    Newest(FeedPosition before, FeedEventEncoder.Type type, byte[] tail) {
      this.before = before;
      this.type = type;
      this.tail = tail;
    }
  }

  private record Due(String device, Pending pending) {}

  /** An event that is due. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record ChangeEvent(FeedEventEncoder.Type type, byte[] tail) {}

  @Override
  public void deliver(EventSink client, long now) {
    FeedSegment next = pages.peek();
    while (next != null && held() < client.capacity()) {
      subscription.enter(next);
      next.show(subscription.filter(), this);
      pages.advancePast(next);
      subscription.leave(next);
      next = pages.peek();
    }
    if (client.isWritable()) {
      show(client, now, intervalMillis);
    }
  }

  @Override
  public void flush(EventSink client, long now) {
    show(client, now, 0);
  }

  private int held() {
    return pending.size() + others.size();
  }

  @Override
  public void telemetry(FeedSegment.EncodedMessage encoded) {
    if (encoded.last().isAfter(pages.read())) {
      TelemetryMessage message = encoded.message();
      pending
          .computeIfAbsent(message.device(), device -> new Pending(encoded.before(), group.clock()))
          .fold(wanted(message));
    }
  }

  private TelemetryMessage wanted(TelemetryMessage message) {
    if (subscription.filter().metrics().isEmpty()) {
      return message;
    }
    return new TelemetryMessage(
        message.device(),
        message.readings().stream()
            .filter(reading -> subscription.filter().metrics().contains(reading.metric()))
            .toList(),
        message.misfits());
  }

  @Override
  public void other(FeedPosition position, Event event, FeedEventEncoder.Type type, byte[] tail) {
    if (position.isAfter(pages.read())) {
      String subject = subject(event);
      Newest merged = others.remove(subject);
      others.put(subject, new Newest(merged == null ? pages.read() : merged.before, type, tail));
    }
  }

  private static String subject(Event event) {
    return switch (event) {
      case Event.CommandChanged command -> "command " + command.command().id();
      case Event.JobChanged job -> "job " + job.job().id();
      case Event.PresenceChanged presence -> "presence " + presence.device();
      case Event.TwinChanged twin -> "twin " + twin.device();
      case Event.DeviceChanged device -> "device " + device.device() + device.change();
      case Event.DeviceTypeChanged type -> "type " + type.name() + type.change();
      default -> "";
    };
  }

  /** Sends the due events. The resume position moves only with the last of them. */
  private void show(EventSink client, long now, long interval) {
    FeedPosition before = deliveredUpTo();
    List<ChangeEvent> changes = new ArrayList<>(0);
    others.values().forEach(newest -> changes.add(new ChangeEvent(newest.type, newest.tail)));
    others.clear();
    for (Due update : takeDue(now, interval)) {
      shownAt.remove(update.device());
      shownAt.put(update.device(), now);
      addTo(changes, update);
    }
    forgetShown(now);
    resumeAt = before;
    for (int i = 0; i < changes.size(); i++) {
      resumeAt = i == changes.size() - 1 ? null : before;
      ChangeEvent event = changes.get(i);
      client.event(event.type(), subscription.id(), event.tail(), group.cursor());
    }
    resumeAt = null;
  }

  /**
   * Forgets devices that were sent more than one interval ago: their next update is due at once.
   */
  private void forgetShown(long now) {
    Iterator<Long> eldest = shownAt.values().iterator();
    while (eldest.hasNext() && now - eldest.next() >= intervalMillis) {
      eldest.remove();
    }
  }

  /** Number of devices with a remembered time. */
  int remembered() {
    return shownAt.size();
  }

  private List<Due> takeDue(long now, long interval) {
    List<Due> due = new ArrayList<>(0);
    Iterator<Map.Entry<String, Pending>> waiting = pending.entrySet().iterator();
    while (waiting.hasNext()) {
      Map.Entry<String, Pending> entry = waiting.next();
      if (now - shownAt.getOrDefault(entry.getKey(), begin) >= interval) {
        due.add(new Due(entry.getKey(), entry.getValue()));
        waiting.remove();
      }
    }
    return due;
  }

  /**
   * Adds one event per timestamp among the newest readings, oldest first; the last one has the
   * count.
   */
  private static void addTo(List<ChangeEvent> changes, Due update) {
    Map<Long, List<Reading>> byTime = new TreeMap<>();
    for (Reading reading : update.pending().newest.values()) {
      byTime.computeIfAbsent(reading.ts(), ts -> new ArrayList<>()).add(reading);
    }
    int left = byTime.size();
    for (List<Reading> readings : byTime.values()) {
      left--;
      long count = left == 0 ? update.pending().messages - byTime.size() + 1 : 1;
      List<String> misfits = update.pending().misfits(readings);
      byte[] tail = FeedEventEncoder.tail(update.device(), readings, misfits, count);
      changes.add(new ChangeEvent(FeedEventEncoder.Type.TELEMETRY, tail));
    }
  }

  /**
   * Whether the log has ended, or too many other events wait: updates of devices are bounded,
   * commands are not.
   */
  @Override
  public boolean hasGap() {
    return pages.log().hasEnded() || others.size() > MOST_SUBJECTS;
  }

  @Override
  public FeedPosition deliveredUpTo(long id) {
    FeedPosition resume = resumeAt;
    return resume == null ? deliveredUpTo() : resume;
  }

  private FeedPosition deliveredUpTo() {
    FeedPosition oldest = null;
    // In order of arrival, so the first is the oldest.
    for (Pending first : pending.values()) {
      oldest = first.before;
      break;
    }
    for (Newest held : others.values()) {
      oldest = oldest == null ? held.before : FeedPosition.min(oldest, held.before);
    }
    return oldest == null ? pages.read() : FeedPosition.min(pages.read(), oldest);
  }
}

package io.signalbox.hub.feed;

import io.signalbox.hub.model.Event;
import io.signalbox.hub.model.Reading;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.model.Value;
import io.signalbox.hub.wire.FeedEventEncoder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Page of the feed: one event, or the events of a whole batch of readings, with consecutive
 * positions. An event is encoded when the first client needs it, and then shared by all: it costs
 * nothing while there are no clients.
 *
 * <p>Threading: any event loop. Two loops that need the same event at the same time may both encode
 * it, to the same bytes.
 */
final class FeedSegment {
  private static final int READING_BYTES = 64;
  private static final int OTHER_BYTES = 2048;

  /** Smallest weight of a page with an event. */
  static final int LEAST_WEIGHT = 2 * READING_BYTES;

  /** The event of the page before the first one. */
  private static final Event NOTHING = new Event.DeviceChanged("", Event.Change.CREATED, Map.of());

  private final FeedPosition last;
  private final Event event;
  private final int events;
  private final int weight;

  /** What is encoded: messages of a batch, else the tail of the one event. */
  private final Object[] encoded;

  /** The next page; set once, by the feed. */
  volatile @Nullable FeedSegment next;

  /**
   * A page after a position.
   *
   * @param before position of the last event of the page before
   */
  FeedSegment(FeedPosition before, Event event) {
    this.event = event;
    if (event instanceof TelemetryBatch batch) {
      this.encoded = new Object[batch.messages().size()];
      this.events = batch.messages().stream().mapToInt(FeedSegment::eventCount).sum();
      this.weight = batch.messages().stream().mapToInt(FeedSegment::weightOf).sum();
    } else {
      this.encoded = new Object[1];
      this.events = 1;
      this.weight = OTHER_BYTES + weightOf(event);
    }
    this.last = before.plus(events);
  }

  /** The first entry of a log, so that there is always a page before the first event. */
  static FeedSegment beforeFirst() {
    return before(FeedPosition.START);
  }

  /** The page before an entry, as the first one of a log. */
  static FeedSegment begin(EntryId entry) {
    return before(before(entry));
  }

  private static FeedSegment before(FeedPosition next) {
    return new FeedSegment(next.plus(-1), NOTHING);
  }

  /** The position before the first event of an entry. */
  static FeedPosition before(EntryId entry) {
    return FeedPosition.before(entry);
  }

  /** Number of events of a message: one per run of readings with the same timestamp. */
  private static int eventCount(TelemetryMessage message) {
    List<Reading> readings = message.readings();
    int runs = 1;
    for (int i = 1; i < readings.size(); i++) {
      runs += readings.get(i).ts() == readings.get(i - 1).ts() ? 0 : 1;
    }
    return runs;
  }

  private static int weightOf(Event event) {
    int characters = 0;
    if (event instanceof Event.DeviceChanged change) {
      for (Map.Entry<String, String> label : change.labels().entrySet()) {
        characters += label.getKey().length() + label.getValue().length();
      }
    }
    return 2 * characters;
  }

  private static int weightOf(TelemetryMessage message) {
    Set<Reading> misfits = message.misfits();
    int bytes = 2 * READING_BYTES * (1 + (misfits == null ? 0 : misfits.size()));
    for (Reading reading : message.readings()) {
      bytes +=
          2 * READING_BYTES
              + switch (reading.value()) {
                case Value.Text text -> 3 * text.text().length();
                case Value.Json json -> 3 * json.json().length();
                case Value.Num num -> 0;
                case Value.Flag flag -> 0;
              };
    }
    return bytes;
  }

  /**
   * A message of a batch with its encoded events.
   *
   * @param last position of its last event
   * @param count number of its events
   * @param tails its events; fewer for a subscription to some of its metrics
   */
  record EncodedMessage(
      TelemetryMessage message, FeedPosition last, int count, List<byte[]> tails) {
    /** The position of a client that has received everything before the message. */
    FeedPosition before() {
      return last.plus(-count);
    }

    /** The position of a tail; that of the last one is always the end of the message. */
    FeedPosition position(int tail) {
      return tail == tails.size() - 1 ? last : last.plus(tail + 1 - count);
    }
  }

  /** Visits the events of a page. */
  interface EventConsumer {
    /** Readings of a device. */
    void telemetry(EncodedMessage message);

    /** Any other event. */
    void other(FeedPosition position, Event event, FeedEventEncoder.Type type, byte[] tail);
  }

  /** The position of the last event. */
  FeedPosition last() {
    return last;
  }

  int events() {
    return events;
  }

  /** Approximate memory of the page when it is encoded, in bytes. */
  int weight() {
    return weight;
  }

  /** The registry change in this page; null if it is something else. */
  Event.@Nullable DeviceChanged deviceChange() {
    return event instanceof Event.DeviceChanged change ? change : null;
  }

  /** Passes the events that match the filter to the consumer. */
  void show(Filter filter, EventConsumer consumer) {
    if (event instanceof TelemetryBatch batch) {
      telemetry(batch, filter, consumer);
    } else if (filter.admits(event)) {
      consumer.other(last, event, typeOf(event), tail(event));
    }
  }

  private void telemetry(TelemetryBatch batch, Filter filter, EventConsumer consumer) {
    if (!filter.wantsTelemetry()) {
      return;
    }
    int upTo = 0;
    for (int i = 0; i < encoded.length; i++) {
      TelemetryMessage message = batch.messages().get(i);
      upTo += eventCount(message);
      if (filter.admits(message.device())) {
        EncodedMessage wanted = encoded(i, message, upTo, filter.metrics());
        if (!wanted.tails().isEmpty()) {
          consumer.telemetry(wanted);
        }
      }
    }
  }

  /**
   * The encoded message.
   *
   * @param upTo number of events of the page up to the end of the message
   */
  private EncodedMessage encoded(
      int index, TelemetryMessage message, int upTo, Set<String> metrics) {
    if (!metrics.isEmpty()) {
      return encoded(message, upTo, FeedEventEncoder.telemetry(message, metrics));
    }
    EncodedMessage whole = (EncodedMessage) encoded[index];
    if (whole == null) {
      whole = encoded(message, upTo, FeedEventEncoder.telemetry(message));
      encoded[index] = whole;
    }
    return whole;
  }

  private EncodedMessage encoded(TelemetryMessage message, int upTo, List<byte[]> tails) {
    return new EncodedMessage(message, last.plus(upTo - events), eventCount(message), tails);
  }

  private byte[] tail(Event shown) {
    Object tail = encoded[0];
    if (tail == null) {
      tail =
          switch (shown) {
            case Event.PresenceChanged presence -> FeedEventEncoder.presence(presence);
            case Event.CommandChanged command -> FeedEventEncoder.command(command);
            case Event.JobChanged job -> FeedEventEncoder.job(job);
            case Event.TwinChanged twin -> FeedEventEncoder.twin(twin);
            case Event.DeviceChanged device -> FeedEventEncoder.device(device);
            case Event.DeviceTypeChanged type -> FeedEventEncoder.deviceType(type);
            case TelemetryBatch batch -> throw new IllegalStateException("a batch has many tails");
          };
      encoded[0] = tail;
    }
    return (byte[]) tail;
  }

  private static FeedEventEncoder.Type typeOf(Event shown) {
    return switch (shown) {
      case TelemetryBatch batch -> FeedEventEncoder.Type.TELEMETRY;
      case Event.PresenceChanged presence -> FeedEventEncoder.Type.PRESENCE;
      case Event.CommandChanged command -> FeedEventEncoder.Type.COMMAND;
      case Event.JobChanged job -> FeedEventEncoder.Type.JOB;
      case Event.TwinChanged twin -> FeedEventEncoder.Type.TWIN;
      case Event.DeviceChanged device -> FeedEventEncoder.Type.DEVICE;
      case Event.DeviceTypeChanged type -> FeedEventEncoder.Type.DEVICE_TYPE;
    };
  }
}

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
 * Page of the feed: one event, or the events of a whole batch of readings, numbered from {@code
 * first}. An event is encoded when the first client needs it, and then shared by all: it costs
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

  private final long first;
  private final Event event;
  private final int events;
  private final int weight;
  private final Object[] tails;

  /** The next page; set once, by the feed. */
  volatile @Nullable FeedSegment next;

  FeedSegment(long first, Event event) {
    this.first = first;
    this.event = event;
    if (event instanceof TelemetryBatch batch) {
      this.tails = new Object[batch.messages().size()];
      this.events = batch.messages().stream().mapToInt(FeedSegment::eventCount).sum();
      this.weight = batch.messages().stream().mapToInt(FeedSegment::weightOf).sum();
    } else {
      this.tails = new Object[1];
      this.events = 1;
      this.weight = OTHER_BYTES + weightOf(event);
    }
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
    int bytes = 2 * READING_BYTES;
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

  /** Visits the events of a page. */
  interface EventConsumer {
    /**
     * Readings of a device: {@code tails} of one event each.
     *
     * @param from number of the message's first event
     * @param to number of its last event
     */
    void telemetry(long from, long to, TelemetryMessage message, List<byte[]> tails);

    /** Any other event. */
    void other(long offset, Event event, FeedEventEncoder.Type type, byte[] tail);
  }

  long first() {
    return first;
  }

  long last() {
    return first + events - 1;
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
      consumer.other(first, event, typeOf(event), tail(event));
    }
  }

  private void telemetry(TelemetryBatch batch, Filter filter, EventConsumer consumer) {
    if (!filter.wantsTelemetry()) {
      return;
    }
    long from = first;
    for (int i = 0; i < tails.length; i++) {
      TelemetryMessage message = batch.messages().get(i);
      long to = from + eventCount(message) - 1;
      if (filter.admits(message.device())) {
        List<byte[]> wanted = tails(i, message, filter.metrics());
        if (!wanted.isEmpty()) {
          consumer.telemetry(from, to, message, wanted);
        }
      }
      from = to + 1;
    }
  }

  @SuppressWarnings("unchecked") // For a batch, only lists of tails are stored.
  private List<byte[]> tails(int index, TelemetryMessage message, Set<String> metrics) {
    if (!metrics.isEmpty()) {
      return FeedEventEncoder.telemetry(message, metrics);
    }
    Object encoded = tails[index];
    if (encoded == null) {
      encoded = FeedEventEncoder.telemetry(message);
      tails[index] = encoded;
    }
    return (List<byte[]>) encoded;
  }

  private byte[] tail(Event shown) {
    Object encoded = tails[0];
    if (encoded == null) {
      encoded =
          switch (shown) {
            case Event.PresenceChanged presence -> FeedEventEncoder.presence(presence);
            case Event.CommandChanged command -> FeedEventEncoder.command(command);
            case Event.JobChanged job -> FeedEventEncoder.job(job);
            case Event.TwinChanged twin -> FeedEventEncoder.twin(twin);
            case Event.DeviceChanged device -> FeedEventEncoder.device(device);
            case TelemetryBatch batch -> throw new IllegalStateException("a batch has many tails");
          };
      tails[0] = encoded;
    }
    return (byte[]) encoded;
  }

  private static FeedEventEncoder.Type typeOf(Event shown) {
    return switch (shown) {
      case TelemetryBatch batch -> FeedEventEncoder.Type.TELEMETRY;
      case Event.PresenceChanged presence -> FeedEventEncoder.Type.PRESENCE;
      case Event.CommandChanged command -> FeedEventEncoder.Type.COMMAND;
      case Event.JobChanged job -> FeedEventEncoder.Type.JOB;
      case Event.TwinChanged twin -> FeedEventEncoder.Type.TWIN;
      case Event.DeviceChanged device -> FeedEventEncoder.Type.DEVICE;
    };
  }
}

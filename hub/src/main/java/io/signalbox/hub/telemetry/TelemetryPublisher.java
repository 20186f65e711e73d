package io.signalbox.hub.telemetry;

import io.signalbox.hub.bus.Topic;
import io.signalbox.hub.model.TelemetryBatch;
import io.signalbox.hub.model.TelemetryMessage;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes stored messages of one event loop. It gathers what is stored at a time, up to the size
 * of a batch, because each publication may wake other event loops.
 *
 * <p>Threading: the event loop only.
 */
final class TelemetryPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(TelemetryPublisher.class);

  private final Topic<TelemetryBatch> topic;
  private final int batchReadings;
  private final List<TelemetryBatch> gathered = new ArrayList<>();
  private int gatheredReadings;

  TelemetryPublisher(Topic<TelemetryBatch> topic, int batchReadings) {
    this.topic = topic;
    this.batchReadings = batchReadings;
  }

  /** Publishes the messages with others, at the latest with the next {@link #flush}. */
  void add(TelemetryBatch stored) {
    if (!stored.messages().isEmpty()) {
      gathered.add(stored);
      gatheredReadings += stored.readings();
      if (gatheredReadings >= batchReadings) {
        flush();
      }
    }
  }

  /** Publishes what is gathered. A failure is logged: the messages are stored. */
  void flush() {
    if (gathered.isEmpty()) {
      return;
    }
    TelemetryBatch batch = gathered.size() == 1 ? gathered.getFirst() : joined();
    gathered.clear();
    gatheredReadings = 0;
    try {
      topic.publish(batch);
    } catch (RuntimeException thrown) {
      LOG.error("Stored readings could not be published; they are acknowledged", thrown);
    }
  }

  private TelemetryBatch joined() {
    int count = gathered.stream().mapToInt(batch -> batch.messages().size()).sum();
    List<TelemetryMessage> messages = new ArrayList<>(count);
    for (TelemetryBatch batch : gathered) {
      messages.addAll(batch.messages());
    }
    return new TelemetryBatch(messages, gatheredReadings);
  }
}

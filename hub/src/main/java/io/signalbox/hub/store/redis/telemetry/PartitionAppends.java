package io.signalbox.hub.store.redis.telemetry;

import io.signalbox.hub.model.TelemetryMessage;
import io.signalbox.hub.store.redis.EventStreams;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Messages that wait to be appended to one partition, of which one group is on its way at a time:
 * so the messages of a device are stored in their order. Confined to the executor of {@link
 * AppendQueue}.
 */
final class PartitionAppends {
  /** Bytes in one script, which Redis runs without doing anything else. */
  private static final int MOST_BYTES = 1 << 15;

  private final int partition;
  private final Deque<AppendPart> waiting = new ArrayDeque<>();
  private boolean sending;
  private long lastSent = Long.MIN_VALUE / 2;

  PartitionAppends(int partition) {
    this.partition = partition;
  }

  int partition() {
    return partition;
  }

  void add(AppendPart part) {
    waiting.add(part);
  }

  boolean isWaiting() {
    return !waiting.isEmpty() && !sending;
  }

  /** Whether a group may be sent now. */
  boolean isDue(long nanoTime, long intervalNanos) {
    return isWaiting() && nanoTime - lastSent >= intervalNanos;
  }

  /** Messages that one script appends. */
  record Group(List<AppendPart> parts, Map<String, byte[]> entries) {
    /** The devices, in the order of the keys. */
    List<String> devices() {
      return new ArrayList<>(entries.keySet());
    }

    int readings() {
      return parts.stream().mapToInt(AppendPart::readings).sum();
    }

    byte[] events(EventStreams streams) {
      return streams.encode(
          parts.stream().filter(part -> part.readings() > 0).map(AppendPart::event).toList());
    }

    /** The metrics of a device in this group. */
    List<String> metrics(String device) {
      return parts.stream()
          .flatMap(part -> part.messages().stream())
          .filter(message -> message.device().equals(device))
          .flatMap(message -> message.readings().stream())
          .map(reading -> reading.metric())
          .distinct()
          .collect(Collectors.toList());
    }
  }

  /** Takes the next group; {@link #sent} ends it. */
  Group take(long nanoTime) {
    sending = true;
    lastSent = nanoTime;
    List<AppendPart> parts = new ArrayList<>();
    Map<String, byte[]> entries = new LinkedHashMap<>();
    long bytes = 0;
    while (!waiting.isEmpty() && bytes < MOST_BYTES) {
      AppendPart part = waiting.remove();
      parts.add(part);
      for (int i = 0; i < part.messages().size(); i++) {
        TelemetryMessage message = part.messages().get(i);
        byte[] entry = part.entries().get(i);
        bytes += entry.length;
        entries.merge(message.device(), entry, PartitionAppends::joined);
      }
    }
    return new Group(parts, entries);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** The group that was on its way is answered. */
  void sent() {
    sending = false;
  }
}

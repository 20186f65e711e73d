package io.signalbox.sim.link;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Traffic of a run by transport, updated by all event loops. Thread-safe. */
public final class TrafficMetrics {
  private final Map<TransportKind, Counts> byTransport = new EnumMap<>(TransportKind.class);

  /** Creates empty counters. */
  public TrafficMetrics() {
    for (TransportKind transport : TransportKind.values()) {
      byTransport.put(transport, new Counts());
    }
  }

  /** The counters of a transport. */
  public Counts of(TransportKind transport) {
    Counts counts = byTransport.get(transport);
    if (counts == null) {
      throw new IllegalStateException("no counters for " + transport);
    }
    return counts;
  }

  /** Counters of one transport. */
  public static final class Counts {
    /** HTTP requests including polls and exchanges, without WebSocket handshakes. */
    public final LongAdder requests = new LongAdder();

    /** Requests that polled for commands. */
    public final LongAdder polls = new LongAdder();

    /** Polls without a command. */
    public final LongAdder emptyPolls = new LongAdder();

    /** Wake-ups of sleeping devices. */
    public final LongAdder wakeUps = new LongAdder();

    /** Bytes sent, including headers and framing, without TCP and TLS handshakes. */
    public final LongAdder bytesUp = new LongAdder();

    /** Bytes received, counted the same way. */
    public final LongAdder bytesDown = new LongAdder();

    /** Total session time of all devices, milliseconds. */
    public final LongAdder millis = new LongAdder();
  }
}

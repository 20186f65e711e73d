package io.signalbox.sim.link;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the links of a run cost, way by way, counted by all loops at once. Thread-safe. */
public final class TrafficMetrics {
  private final Map<TransportKind, Counts> byTransport = new EnumMap<>(TransportKind.class);

  /** Nothing counted yet. */
  public TrafficMetrics() {
    for (TransportKind transport : TransportKind.values()) {
      byTransport.put(transport, new Counts());
    }
  }

  /** What the links of one way cost. */
  public Counts of(TransportKind transport) {
    Counts counts = byTransport.get(transport);
    if (counts == null) {
      throw new IllegalStateException("every way has its counts");
    }
    return counts;
  }

  /** The counts of one way. */
  public static final class Counts {
    /** HTTP requests, polls and exchanges among them; not the handshake of a WebSocket. */
    public final LongAdder requests = new LongAdder();

    /** Requests that asked for commands. */
    public final LongAdder polls = new LongAdder();

    /** Polls that brought no command. */
    public final LongAdder emptyPolls = new LongAdder();

    /** Times that a sleeping device woke to call the hub. */
    public final LongAdder wakeUps = new LongAdder();

    /** Bytes sent, heads and framing included, without TCP's own and the handshakes of TLS. */
    public final LongAdder bytesUp = new LongAdder();

    /** Bytes received, likewise. */
    public final LongAdder bytesDown = new LongAdder();

    /** Milliseconds that devices had a session, all together. */
    public final LongAdder millis = new LongAdder();
  }
}

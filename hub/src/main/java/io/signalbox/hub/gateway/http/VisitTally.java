package io.signalbox.hub.gateway.http;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of devices that come by HTTP. Threading: any thread. */
public final class VisitTally {
  /** How a device asks for commands. */
  public enum Way {
    SHORT,
    LONG,
    EXCHANGE,
    STREAM
  }

  private static final class Polls {
    final LongAdder full = new LongAdder();
    final LongAdder empty = new LongAdder();
  }

  private final Map<Way, Polls> polls = new EnumMap<>(Way.class);
  private final LongAdder refused = new LongAdder();
  private final AtomicInteger held = new AtomicInteger();

  /** Nothing has been counted. */
  public VisitTally() {
    for (Way way : Way.values()) {
      polls.put(way, new Polls());
    }
  }

  private Polls of(Way way) {
    return Objects.requireNonNull(polls.get(way));
  }

  /** Polls that brought commands. */
  public long full(Way way) {
    return of(way).full.sum();
  }

  /** Polls that brought none. */
  public long empty(Way way) {
    return of(way).empty.sum();
  }

  /** Requests that were refused. */
  public long refused() {
    return refused.sum();
  }

  /** Polls and streams that are held now. */
  public int held() {
    return held.get();
  }

  void polled(Way way, boolean commands) {
    Polls polled = of(way);
    (commands ? polled.full : polled.empty).increment();
  }

  void refuses() {
    refused.increment();
  }

  void holds() {
    held.incrementAndGet();
  }

  void letsGo() {
    held.decrementAndGet();
  }
}

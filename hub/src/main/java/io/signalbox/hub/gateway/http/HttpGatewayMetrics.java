package io.signalbox.hub.gateway.http;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counters of HTTP devices. Threading: any thread. */
public final class HttpGatewayMetrics {
  /** How a device requests commands. */
  public enum PollKind {
    SHORT,
    LONG,
    EXCHANGE,
    STREAM
  }

  private static final class Polls {
    final LongAdder full = new LongAdder();
    final LongAdder empty = new LongAdder();
  }

  private final Map<PollKind, Polls> polls = new EnumMap<>(PollKind.class);
  private final LongAdder refused = new LongAdder();
  private final AtomicInteger held = new AtomicInteger();

  /** All counters at zero. */
  public HttpGatewayMetrics() {
    for (PollKind pollKind : PollKind.values()) {
      polls.put(pollKind, new Polls());
    }
  }

  private Polls of(PollKind pollKind) {
    return Objects.requireNonNull(polls.get(pollKind));
  }

  /** Number of polls that returned commands. */
  public long full(PollKind pollKind) {
    return of(pollKind).full.sum();
  }

  /** Number of polls that returned none. */
  public long empty(PollKind pollKind) {
    return of(pollKind).empty.sum();
  }

  /** Number of refused requests. */
  public long refused() {
    return refused.sum();
  }

  /** Number of held polls and streams. */
  public int held() {
    return held.get();
  }

  void polled(PollKind pollKind, boolean commands) {
    Polls polled = of(pollKind);
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

package io.signalbox.hub.gateway.http;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of devices that come by HTTP. Threading: any thread. */
public final class HttpGatewayMetrics {
  /** How a device asks for commands. */
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

  /** Nothing has been counted. */
  public HttpGatewayMetrics() {
    for (PollKind pollKind : PollKind.values()) {
      polls.put(pollKind, new Polls());
    }
  }

  private Polls of(PollKind pollKind) {
    return Objects.requireNonNull(polls.get(pollKind));
  }

  /** Polls that brought commands. */
  public long full(PollKind pollKind) {
    return of(pollKind).full.sum();
  }

  /** Polls that brought none. */
  public long empty(PollKind pollKind) {
    return of(pollKind).empty.sum();
  }

  /** Requests that were refused. */
  public long refused() {
    return refused.sum();
  }

  /** Polls and streams that are held now. */
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

package io.signalbox.hub.store.redis;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counters of a link. Any thread. */
public final class RedisLinkMetrics {
  private final Map<RedisFailure, LongAdder> failures = new EnumMap<>(RedisFailure.class);
  private final LongAdder reconnects = new LongAdder();
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile long roundTripNanos;

  RedisLinkMetrics() {
    for (RedisFailure kind : RedisFailure.values()) {
      failures.put(kind, new LongAdder());
    }
  }

  /** Commands that failed for that reason. */
  public long failures(RedisFailure reason) {
    return adder(reason).sum();
  }

  /** Connections that replaced a lost one. */
  public long reconnects() {
    return reconnects.sum();
  }

  /** Commands that wait for their answer. */
  public int underWay() {
    return underWay.get();
  }

  /** Time from a PING to its answer, the latest one, in seconds; 0 before the first. */
  public double roundTripSeconds() {
    return roundTripNanos / 1e9;
  }

  /** Counts a command; false if there are that many already. */
  boolean begin(int limit) {
    if (underWay.incrementAndGet() <= limit) {
      return true;
    }
    underWay.decrementAndGet();
    return false;
  }

  void end() {
    underWay.decrementAndGet();
  }

  void failed(RedisFailure reason) {
    adder(reason).increment();
  }

  void reconnected() {
    reconnects.increment();
  }

  void roundTrip(long nanos) {
    roundTripNanos = nanos;
  }

  private LongAdder adder(RedisFailure reason) {
    return Objects.requireNonNull(failures.get(reason));
  }
}

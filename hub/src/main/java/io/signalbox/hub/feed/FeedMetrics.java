package io.signalbox.hub.feed;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counters of feed clients, for metrics and for their limit. Threading: any thread. */
public final class FeedMetrics {
  private final LongAdder slowConsumerCloses = new LongAdder();
  private final LongAdder answers = new LongAdder();
  private final AtomicInteger sockets = new AtomicInteger();
  private final AtomicInteger streams = new AtomicInteger();
  private final AtomicInteger polls = new AtomicInteger();

  /** All counters at zero. */
  public FeedMetrics() {}

  /** Number of clients that were disconnected because they fell behind. */
  public long slowConsumerCloses() {
    return slowConsumerCloses.sum();
  }

  /** Number of polls so far. */
  public long polled() {
    return answers.sum();
  }

  /** Number of connected WebSocket clients. */
  public int sockets() {
    return sockets.get();
  }

  /** Number of open event streams. */
  public int streams() {
    return streams.get();
  }

  /** Number of held polls. */
  public int polls() {
    return polls.get();
  }

  void slowConsumerClosed() {
    slowConsumerCloses.increment();
  }

  void poll() {
    answers.increment();
  }

  void socketOpened() {
    sockets.incrementAndGet();
  }

  void socketClosed() {
    sockets.decrementAndGet();
  }

  void streamOpened() {
    streams.incrementAndGet();
  }

  void streamClosed() {
    streams.decrementAndGet();
  }

  void pollHeld() {
    polls.incrementAndGet();
  }

  void pollReleased() {
    polls.decrementAndGet();
  }
}

package io.signalbox.hub.feed;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts viewers, for the meters and for the bound on them. Threading: any thread. */
public final class FeedMetrics {
  private final LongAdder slowConsumerCloses = new LongAdder();
  private final LongAdder answers = new LongAdder();
  private final AtomicInteger sockets = new AtomicInteger();
  private final AtomicInteger streams = new AtomicInteger();
  private final AtomicInteger polls = new AtomicInteger();

  /** Nobody is there. */
  public FeedMetrics() {}

  /** How many viewers were cut off because they fell behind. */
  public long slowConsumerCloses() {
    return slowConsumerCloses.sum();
  }

  /** How many polls were asked. */
  public long polled() {
    return answers.sum();
  }

  /** How many viewers there are by WebSocket. */
  public int sockets() {
    return sockets.get();
  }

  /** How many viewers there are by server-sent events. */
  public int streams() {
    return streams.get();
  }

  /** How many polls are held. */
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

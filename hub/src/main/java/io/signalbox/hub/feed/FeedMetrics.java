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

  /** A client was disconnected because it fell behind. */
  public void slowConsumerClosed() {
    slowConsumerCloses.increment();
  }

  /** A poll was received. */
  public void poll() {
    answers.increment();
  }

  /** A WebSocket client has connected. */
  public void socketOpened() {
    sockets.incrementAndGet();
  }

  /** A WebSocket client has disconnected. */
  public void socketClosed() {
    sockets.decrementAndGet();
  }

  /** An event stream was opened. */
  public void streamOpened() {
    streams.incrementAndGet();
  }

  /** An event stream has ended. */
  public void streamClosed() {
    streams.decrementAndGet();
  }

  /** A poll is held. */
  public void pollHeld() {
    polls.incrementAndGet();
  }

  /** A poll is no longer held. */
  public void pollReleased() {
    polls.decrementAndGet();
  }
}

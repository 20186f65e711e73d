package io.signalbox.hub.live;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts viewers, for the meters and for the bound on them. Threading: any thread. */
public final class Tally {
  private final LongAdder cuts = new LongAdder();
  private final LongAdder answers = new LongAdder();
  private final AtomicInteger sockets = new AtomicInteger();
  private final AtomicInteger streams = new AtomicInteger();
  private final AtomicInteger polls = new AtomicInteger();

  /** Nobody is there. */
  public Tally() {}

  /** How many viewers were cut off because they fell behind. */
  public long cuts() {
    return cuts.sum();
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

  void cut() {
    cuts.increment();
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

package io.signalbox.hub.live;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts viewers, for the meters and for the bound on them. Threading: any thread. */
public final class Tally {
  private final LongAdder cuts = new LongAdder();
  private final AtomicInteger sockets = new AtomicInteger();

  /** Nobody is there. */
  public Tally() {}

  /** How many viewers were cut off because they fell behind. */
  public long cuts() {
    return cuts.sum();
  }

  /** How many viewers are there by WebSocket. */
  public int sockets() {
    return sockets.get();
  }

  void cut() {
    cuts.increment();
  }

  void socketOpened() {
    sockets.incrementAndGet();
  }

  void socketClosed() {
    sockets.decrementAndGet();
  }
}

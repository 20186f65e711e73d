package io.signalbox.hub.gateway.http;

import io.vertx.core.Context;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The clock of what is held on one event loop: one timer for all of it, which runs only while there
 * is something. What is held hangs in the slot of the tick at which its time is up, in a chain, so
 * that it costs two references and is unhooked at once when it is over before.
 *
 * <p>Threading: the event loop only.
 */
final class TimerWheel {
  private static final long TICK_MILLIS = 250;
  private static final int SLOTS = 256; // more than a minute

  private static final int RETURN_WITHIN_SECONDS = 30;

  /** Something that is held until its time is up. */
  abstract static class Timeout {
    private @Nullable Timeout next;
    private @Nullable Timeout before;
    private int slot = -1;

    /** Its time is up; it has been unhooked. */
    abstract void timeUp();

    /** The hub is going down; the client may come back after so many seconds. */
    abstract void drain(int seconds);
  }

  private final Context context;
  private final @Nullable Timeout[] slots = new Timeout[SLOTS];
  private int now;
  private int held;
  private long timer = -1;

  TimerWheel(Context context) {
    this.context = context;
  }

  /** How much is held. */
  int held() {
    return held;
  }

  /** Holds something for so long, which is at most a minute. */
  void add(Timeout one, Duration time) {
    long ticks = Math.clamp(Math.ceilDiv(time.toMillis(), TICK_MILLIS), 1, SLOTS - 1);
    one.slot = (int) ((now + ticks) % SLOTS);
    Timeout first = slots[one.slot];
    one.next = first;
    one.before = null;
    if (first != null) {
      first.before = one;
    }
    slots[one.slot] = one;
    held++;
    if (timer < 0) {
      timer = context.owner().setPeriodic(TICK_MILLIS, id -> tick());
    }
  }

  /** Lets go of something; of what is not held, nothing happens. */
  void remove(Timeout one) {
    if (one.slot < 0) {
      return;
    }
    Timeout before = one.before;
    Timeout next = one.next;
    if (before == null) {
      slots[one.slot] = next;
    } else {
      before.next = next;
    }
    if (next != null) {
      next.before = before;
    }
    one.slot = -1;
    one.next = null;
    one.before = null;
    held--;
  }

  /** Sends everybody away, to come back over a spread of seconds. */
  void drainAll() {
    for (int slot = 0; slot < SLOTS; slot++) {
      for (Timeout one = slots[slot]; one != null; one = slots[slot]) {
        remove(one);
        one.drain(ThreadLocalRandom.current().nextInt(1, RETURN_WITHIN_SECONDS + 1));
      }
    }
  }

  private void tick() {
    now = (now + 1) % SLOTS;
    for (Timeout one = slots[now]; one != null; one = slots[now]) {
      remove(one);
      one.timeUp();
    }
    if (held == 0) {
      context.owner().cancelTimer(timer);
      timer = -1;
    }
  }
}

package io.signalbox.hub.clock;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wall clock and monotonic clock of a hub. Wall time is the monotonic clock plus an offset, which
 * {@link #check} compares with the system clock once per second: between two checks wall time
 * neither jumps nor goes back, and every component sees a jump at the same moment.
 *
 * <p>Stored wall times can be compared within one run through the offset: {@link #wallOf} and
 * {@link #monotonicOf} convert with the present one.
 *
 * <p>Threading: any thread.
 */
public class HubClock implements WallClock, MonotonicClock {
  /** A difference of at least this is a step; a smaller one is drift, and is followed silently. */
  public static final long STEP_MILLIS = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(HubClock.class);

  /** A check that takes longer than this was interrupted and is discarded. */
  private static final long CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final int REMEMBERED_STEPS = 32;

  /**
   * State of the wall clock.
   *
   * @param offset wall time minus monotonic time
   * @param ahead how far stamps were ahead of wall time
   * @param since the monotonic time of {@code ahead}
   */
  private record Setting(long offset, long ahead, long since) {
    /** How far stamps are ahead now: they advance at an eighth of the pace until this is 0. */
    long aheadAt(long monotonicMillis) {
      return ahead == 0
          ? 0
          : Math.max(0, ahead - (monotonicMillis - since) * (CATCHING_UP - 1) / CATCHING_UP);
    }
  }

  /** A jump of the wall clock, and the monotonic time at which it was noticed. */
  private record Step(long monotonicMillis, long millis) {}

  /** Start of monotonic time: well above zero, for any value of the system counter. */
  private static final long FIRST_MILLIS = 1_000_000_000;

  /** If the clock is set back further than this it was wrong before, and stamps follow at once. */
  private static final long FOLLOWED_SLOWLY_MILLIS = Duration.ofHours(36).toMillis();

  /** Stamps that are ahead of wall time advance at this fraction of its pace. */
  private static final int CATCHING_UP = 8;

  private final LongSupplier systemMillis;
  private final LongSupplier nanos;
  private final LongAdder steps = new LongAdder();
  private final Deque<Step> forward = new ArrayDeque<>();
  private final long begin;
  private volatile Setting setting;

  /**
   * A clock with these time sources.
   *
   * @param systemMillis Unix milliseconds, may jump
   * @param nanos nanoseconds since an arbitrary moment, never goes back
   */
  public HubClock(LongSupplier systemMillis, LongSupplier nanos) {
    this.systemMillis = systemMillis;
    this.nanos = nanos;
    this.begin = nanos.getAsLong();
    this.setting = new Setting(systemMillis.getAsLong() - FIRST_MILLIS, 0, FIRST_MILLIS);
  }

  /** The clocks of this machine. */
  public static HubClock ofSystem() {
    return new HubClock(System::currentTimeMillis, System::nanoTime);
  }

  @Override
  public final long wallMillis() {
    return monotonicMillis() + setting.offset();
  }

  @Override
  public final long monotonicMillis() {
    return monotonicMillis(nanos.getAsLong());
  }

  private long monotonicMillis(long nanoTime) {
    return (nanoTime - begin) / 1_000_000 + FIRST_MILLIS;
  }

  /**
   * Timestamp for incoming data, Unix milliseconds: wall time, but it never goes back. If the wall
   * clock is set back, stamps advance slowly until wall time has caught up; only a clock that was
   * more than a day and a half ahead is followed at once.
   */
  public final long stampMillis() {
    long now = monotonicMillis();
    Setting current = setting;
    return now + current.offset() + current.aheadAt(now);
  }

  /** Converts monotonic time to wall time with the present offset. */
  public final long wallOf(long monotonicMillis) {
    return monotonicMillis + setting.offset();
  }

  /** Converts wall time to monotonic time with the present offset. */
  public final long monotonicOf(long wallMillis) {
    return wallMillis - setting.offset();
  }

  /** Wall time minus monotonic time, ms; it changes when the wall clock is set. */
  public final long offsetMillis() {
    return setting.offset();
  }

  /** Number of wall clock jumps since the start. */
  public final long steps() {
    return steps.sum();
  }

  /**
   * Wall time without recent forward steps, for retention decisions: a clock that is wrong for a
   * while must not delete anything.
   *
   * @param window steps older than this are considered correct
   */
  public final long wallMillisBeforeSteps(Duration window) {
    long now = monotonicMillis();
    long since = now - window.toMillis();
    long wall = now + setting.offset();
    synchronized (forward) {
      for (Step step : forward) {
        wall -= step.monotonicMillis() >= since ? step.millis() : 0;
      }
    }
    return wall;
  }

  /**
   * Compares with the system clock; a jump is logged and counted. One timer of the hub calls this
   * about once per second.
   */
  public final synchronized void check() {
    long before = nanos.getAsLong();
    long system = systemMillis.getAsLong();
    if (nanos.getAsLong() - before > CHECK_NANOS) {
      return;
    }
    long now = monotonicMillis(before);
    Setting current = setting;
    long difference = system - now - current.offset();
    if (Math.abs(difference) >= STEP_MILLIS) {
      stepped(difference, system);
    }
    long ahead = Math.max(0, current.aheadAt(now) - difference);
    setting =
        new Setting(current.offset() + difference, ahead > FOLLOWED_SLOWLY_MILLIS ? 0 : ahead, now);
  }

  private void stepped(long difference, long to) {
    steps.increment();
    if (difference > 0) {
      remember(new Step(monotonicMillis(), difference));
    }
    LOG.warn(
        "Wall clock stepped {} by {}: from {} to {}; durations are not affected",
        difference > 0 ? "forward" : "back",
        Duration.ofMillis(Math.abs(difference)),
        Instant.ofEpochMilli(to - difference),
        Instant.ofEpochMilli(to));
  }

  private void remember(Step step) {
    synchronized (forward) {
      if (forward.size() == REMEMBERED_STEPS) {
        forward.removeFirst();
      }
      forward.addLast(step);
    }
  }
}

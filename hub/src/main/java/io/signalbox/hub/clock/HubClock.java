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
 * Both clocks of a hub. Its wall time is the monotonic clock plus an offset, which {@link #check}
 * compares with the system's clock once a second: between two checks wall time can neither jump nor
 * go back, and everybody sees a jump at the same moment.
 *
 * <p>What is stored with a wall time can be compared within one run by way of the offset: {@link
 * #wallOf} and {@link #monotonicOf} translate with the present one.
 *
 * <p>Threading: any thread.
 */
public class HubClock implements WallClock, MonotonicClock {
  /** From so much on, a difference is a step; less is drift, and is followed in silence. */
  public static final long STEP_MILLIS = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(HubClock.class);

  /** A check that was interrupted for so long has measured nothing. */
  private static final long CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final int REMEMBERED_STEPS = 32;

  /**
   * How the wall clock goes.
   *
   * @param offset wall time less monotonic time
   * @param ahead by how much stamps were ahead of wall time
   * @param since when that was, by the monotonic clock
   */
  private record Setting(long offset, long ahead, long since) {
    /** By how much stamps are ahead now: they go on, at an eighth of the pace, until it is 0. */
    long aheadAt(long monotonicMillis) {
      return ahead == 0
          ? 0
          : Math.max(0, ahead - (monotonicMillis - since) * (CATCHING_UP - 1) / CATCHING_UP);
    }
  }

  /** A jump of the wall clock, and when it was noticed. */
  private record Step(long monotonicMillis, long millis) {}

  /** Where monotonic time begins: well above zero, whatever the system's counter says. */
  private static final long FIRST_MILLIS = 1_000_000_000;

  /** A clock that is set back further than this was wrong: stamps follow it at once. */
  private static final long FOLLOWED_SLOWLY_MILLIS = Duration.ofHours(36).toMillis();

  /** Stamps that are ahead of wall time go on at one part in so many of its pace. */
  private static final int CATCHING_UP = 8;

  private final LongSupplier systemMillis;
  private final LongSupplier nanos;
  private final LongAdder steps = new LongAdder();
  private final Deque<Step> forward = new ArrayDeque<>();
  private final long begin;
  private volatile Setting setting;

  /**
   * A clock upon other sources of time.
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
   * The time with which what comes in is stamped, Unix milliseconds: wall time, but it never goes
   * back. When the wall clock is set back, this goes on slowly until wall time has caught up; only
   * a clock that was more than a day and a half ahead is followed at once.
   */
  public final long stampMillis() {
    long now = monotonicMillis();
    Setting current = setting;
    return now + current.offset() + current.aheadAt(now);
  }

  /** The wall time of a moment of the monotonic clock, as the wall clock goes now. */
  public final long wallOf(long monotonicMillis) {
    return monotonicMillis + setting.offset();
  }

  /** The moment of the monotonic clock that has this wall time, as the wall clock goes now. */
  public final long monotonicOf(long wallMillis) {
    return wallMillis - setting.offset();
  }

  /** Wall time less monotonic time, ms: it changes when the wall clock was set. */
  public final long offsetMillis() {
    return setting.offset();
  }

  /** How often the wall clock has jumped since the start. */
  public final long steps() {
    return steps.sum();
  }

  /**
   * The wall time without the steps forward of late: for deciding what is old enough to be
   * forgotten. A clock that is wrong for a while forgets nothing by that.
   *
   * @param window steps that were noticed longer ago are taken to be right
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
   * Follows the system's clock; a jump is logged and counted. To be called about once a second by
   * one timer of the whole hub.
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
        "The wall clock went {} by {}: from {} to {}; durations are not affected",
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

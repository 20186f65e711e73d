package io.signalbox.sim.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.sim.link.Backoff;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TimingTest {
  private static final long START = 1_795_000_000_003L;

  @Test
  void timers_fire_within_one_tick_and_never_early() {
    TimerWheel<Long> wheel = new TimerWheel<>(10, START);
    SplittableRandom random = new SplittableRandom(1);
    TreeMap<Long, Long> woken = new TreeMap<>();
    for (int i = 0; i < 5000; i++) {
      long at = START + random.nextLong(60_000);
      wheel.wakeAt(at, at);
      woken.put(at, 0L);
    }
    for (long now = START; now < START + 61_000; now += 3) {
      long present = now;
      wheel.turn(now, at -> woken.put(at, present));
    }
    woken.forEach((at, when) -> assertThat(when - at).isBetween(0L, 24L));
  }

  @Test
  void after_a_stall_each_overdue_timer_fires_once() {
    TimerWheel<Integer> wheel = new TimerWheel<>(10, START);
    List<Integer> woken = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      wheel.wakeAt(START + i * 300L, i);
    }
    wheel.turn(START + 40_000, woken::add);
    wheel.turn(START + 80_000, woken::add);
    assertThat(woken).hasSize(100).doesNotHaveDuplicates();
  }

  @Test
  void a_timer_rescheduled_while_firing_fires_again() {
    TimerWheel<String> wheel = new TimerWheel<>(10, START);
    List<Long> woken = new ArrayList<>();
    wheel.wakeAt(START, "sleeper");
    for (long now = START; now < START + 1000; now += 10) {
      long present = now;
      wheel.turn(
          now,
          task -> {
            woken.add(present);
            wheel.wakeAt(present, task);
          });
    }
    assertThat(woken).hasSizeBetween(98, 100);
  }

  @Test
  void backoff_doubles_up_to_its_maximum_with_full_jitter() {
    SplittableRandom random = new SplittableRandom(1);
    long longest = 0;
    double sum = 0;
    for (int run = 0; run < 200; run++) {
      Backoff backoff = new Backoff(100, 1000);
      assertThat(backoff.next(random)).isBetween(0L, 100L);
      assertThat(backoff.next(random)).isBetween(0L, 200L);
      for (int i = 0; i < 20; i++) {
        backoff.next(random);
      }
      long late = backoff.next(random);
      longest = Math.max(longest, late);
      sum += late;
    }
    assertThat(longest).isBetween(900L, 1000L);
    assertThat(sum / 200).isBetween(400.0, 600.0);
  }

  @Test
  void a_rate_limiter_stays_within_the_allowed_rate() {
    RateLimiter pace = new RateLimiter();
    pace.limitTo(1000);
    long sent = 0;
    for (long now = START; now < START + 10_000; now += 10) {
      while (pace.allows(now)) {
        pace.sent(50, now);
        sent += 50;
      }
    }
    assertThat(sent).isBetween(9_900L, 10_400L);
  }

  @Test
  void an_unlimited_rate_limiter_pauses_only_on_request() {
    RateLimiter pace = new RateLimiter();
    pace.limitTo(0);
    pace.sent(1_000_000, START);
    assertThat(pace.allows(START)).isTrue();
    pace.holdOn(START, 0, new SplittableRandom(1));
    assertThat(pace.allows(START)).isFalse();
    assertThat(pace.opensAt()).isBetween(START + 50, START + 250);
  }
}

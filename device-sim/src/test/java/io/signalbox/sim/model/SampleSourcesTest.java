package io.signalbox.sim.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleSourcesTest {
  private static final long START = 1_795_000_000_000L;

  @Test
  void a_sampler_keeps_its_rate_whatever_the_tick() {
    Sampler sampler = sampler(100, 1);
    sampler.start(START);
    List<Sample> samples = new ArrayList<>();
    for (long now = START; now < START + 10_000; now += 17) {
      drain(sampler, now, samples);
    }
    assertThat(samples).hasSizeBetween(995, 1000);
    assertThat(samples).extracting(Sample::ts).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void timestamps_increase_strictly_above_one_sample_per_millisecond() {
    Sampler sampler = sampler(5000, 1);
    sampler.start(START);
    List<Sample> samples = new ArrayList<>();
    drain(sampler, START + 100, samples);
    assertThat(samples).hasSizeGreaterThan(490);
    assertThat(samples).extracting(Sample::ts).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void a_batch_is_a_message_of_evenly_spaced_samples() {
    Sampler sampler = sampler(1, 5);
    sampler.start(START);
    assertThat(sampler.due(START + 790)).isEmpty();
    List<Sample> message = sampler.due(START + 810);
    assertThat(message)
        .extracting(Sample::ts)
        .containsExactly(START, START + 200, START + 400, START + 600, START + 800);
    sampler.due(START + 1010);
    assertThat(sampler.rest()).as("what waits for its message to fill").hasSize(1);
  }

  @Test
  void a_delayed_sampler_skips_past_samples() {
    Sampler sampler = sampler(10, 1);
    sampler.start(START);
    List<Sample> samples = new ArrayList<>();
    drain(sampler, START + 3_600_000, samples);
    assertThat(samples).hasSizeLessThan(3);
  }

  @Test
  void the_metrics_option_limits_the_channels() {
    Sampler sampler = new Sampler(new Pump(new SplittableRandom(1)), 1, 1, 2, 0);
    sampler.start(START);
    assertThat(sampler.due(START).getFirst().readings())
        .extracting(Reading::metric)
        .containsExactly("speed", "flow");
  }

  @Test
  void an_unlimited_playback_sends_full_messages_at_once() {
    Playback playback = new Playback(everyMinute(1200), Double.POSITIVE_INFINITY, 500);
    assertThat(playback.due(START)).as("not before it starts").isEmpty();
    playback.start(START);
    assertThat(playback.due(START)).hasSize(500);
    assertThat(playback.due(START)).hasSize(500);
    assertThat(playback.over()).isFalse();
    assertThat(playback.due(START)).hasSize(200);
    assertThat(playback.due(START)).isEmpty();
    assertThat(playback.over()).isTrue();
  }

  @Test
  void a_playback_scales_intervals_and_keeps_timestamps() {
    Playback playback = new Playback(everyMinute(10), 60, 500);
    playback.start(START);
    assertThat(playback.due(START)).extracting(Sample::ts).containsExactly(0L);
    assertThat(playback.nextAt()).isEqualTo(START + 1000);
    assertThat(playback.due(START + 999)).isEmpty();
    assertThat(playback.due(START + 2000))
        .extracting(Sample::ts)
        .containsExactly(60_000L, 120_000L);
  }

  private static Sampler sampler(double rate, int batch) {
    Thermostat thermostat = new Thermostat(new SplittableRandom(1));
    return new Sampler(thermostat, rate, batch, Integer.MAX_VALUE, 0);
  }

  private static void drain(SampleSource source, long now, List<Sample> into) {
    for (List<Sample> due = source.due(now); !due.isEmpty(); due = source.due(now)) {
      into.addAll(due);
    }
  }

  private static Recording everyMinute(int instants) {
    return new Recording(
        IntStream.range(0, instants)
            .mapToObj(n -> new Sample(n * 60_000L, List.of(Reading.of("value", n, 0))))
            .toList(),
        0,
        0,
        0);
  }
}

package io.signalbox.sim.model;

import java.util.List;

/** Replays a recording with its original timestamps at {@code speed} times the original speed. */
public final class Playback implements SampleSource {
  private final List<Sample> samples;
  private final double speed;
  private final int batch;
  private long startedAt = Long.MAX_VALUE;
  private int next;

  /**
   * Creates a playback.
   *
   * @param speed 1 for the original speed, infinity for as fast as the hub acknowledges
   * @param batch maximum samples per message
   */
  public Playback(Recording recording, double speed, int batch) {
    this.samples = recording.samples();
    this.speed = speed;
    this.batch = batch;
  }

  @Override
  public void start(long nowMillis) {
    startedAt = nowMillis;
  }

  @Override
  public List<Sample> due(long nowMillis) {
    int from = next;
    while (next < samples.size() && next - from < batch && dueAt(next) <= nowMillis) {
      next++;
    }
    return samples.subList(from, next);
  }

  private long dueAt(int index) {
    if (startedAt == Long.MAX_VALUE) {
      return Long.MAX_VALUE;
    }
    long intoRecording = samples.get(index).ts() - samples.getFirst().ts();
    return startedAt + (long) (intoRecording / speed);
  }

  @Override
  public long nextAt() {
    return over() ? Long.MAX_VALUE : dueAt(next);
  }

  @Override
  public List<Sample> rest() {
    return List.of();
  }

  @Override
  public boolean over() {
    return next == samples.size();
  }
}

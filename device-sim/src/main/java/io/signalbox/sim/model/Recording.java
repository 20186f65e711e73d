package io.signalbox.sim.model;

import java.util.List;

/** What a file holds: samples in the order of their timestamps, each instant once. */
public record Recording(List<Sample> samples) {

  /** Readings in all samples together. */
  public long readings() {
    return samples.stream().mapToLong(sample -> sample.readings().size()).sum();
  }
}

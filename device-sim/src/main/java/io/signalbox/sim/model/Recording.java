package io.signalbox.sim.model;

import java.util.List;

/**
 * A recording: samples in order of their unique timestamps.
 *
 * @param rows rows with a timestamp
 * @param replaced number of rows replaced by a later row with the same millisecond
 * @param firstReplaced line of the first row that replaced an earlier one; 0 if none
 */
public record Recording(List<Sample> samples, int rows, int replaced, int firstReplaced) {

  /** Total number of readings. */
  public long readings() {
    return samples.stream().mapToLong(sample -> sample.readings().size()).sum();
  }
}

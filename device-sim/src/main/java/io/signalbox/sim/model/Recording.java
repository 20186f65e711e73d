package io.signalbox.sim.model;

import java.util.List;

/**
 * What a file holds: samples in the order of their timestamps, each instant once.
 *
 * @param rows rows of the file that hold a time
 * @param replaced how many of them are not in the samples because a later row has the same
 *     millisecond
 * @param firstReplaced the line of the first row that replaced an earlier one; 0 if none did
 */
public record Recording(List<Sample> samples, int rows, int replaced, int firstReplaced) {

  /** Readings in all samples together. */
  public long readings() {
    return samples.stream().mapToLong(sample -> sample.readings().size()).sum();
  }
}

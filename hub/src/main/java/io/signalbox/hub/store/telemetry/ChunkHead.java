package io.signalbox.hub.store.telemetry;

import io.signalbox.hub.store.telemetry.codec.PointBlock;

/**
 * Head of a chunk: its time range and statistics, without the body.
 *
 * @param id the chunk's id; of two chunks of a layer the later one has the higher id
 * @param first time of the oldest reading, Unix milliseconds
 * @param last time of the newest reading, Unix milliseconds
 * @param count number of readings
 * @param numbers number of numeric readings; if 0, the following components are undefined
 * @param min the smallest number
 * @param minAt time of its first occurrence
 * @param max the largest number
 * @param maxAt time of its first occurrence
 * @param sum sum of the numbers; infinite on overflow
 */
public record ChunkHead(
    long id,
    long first,
    long last,
    int count,
    int numbers,
    double min,
    long minAt,
    double max,
    long maxAt,
    double sum) {

  /** The head of a chunk with the readings of the block, which is settled and not empty. */
  public static ChunkHead of(long id, PointBlock block) {
    int numbers = 0;
    int min = 0;
    int max = 0;
    double sum = 0;
    for (int i = 0; i < block.size(); i++) {
      if (block.isNumber(i)) {
        double number = block.number(i);
        min = numbers == 0 || number < block.number(min) ? i : min;
        max = numbers == 0 || number > block.number(max) ? i : max;
        sum += number;
        numbers++;
      }
    }
    return new ChunkHead(
        id,
        block.first(),
        block.last(),
        block.size(),
        numbers,
        numbers == 0 ? 0 : block.number(min),
        block.ts(min),
        numbers == 0 ? 0 : block.number(max),
        block.ts(max),
        Double.isNaN(sum) ? Double.POSITIVE_INFINITY : sum);
  }
}

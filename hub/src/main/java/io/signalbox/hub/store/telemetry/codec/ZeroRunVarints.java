package io.signalbox.hub.store.telemetry.codec;

import java.util.Arrays;

/**
 * Codec for integers that are mostly 0: a number is a zigzag varint, a run of zeros is a 0 and its
 * length.
 */
final class ZeroRunVarints {
  private ZeroRunVarints() {}

  static void write(ByteSink sink, long[] numbers, int size) {
    int i = 0;
    while (i < size) {
      sink.zigzag(numbers[i]);
      if (numbers[i++] == 0) {
        int start = i;
        while (i < size && numbers[i] == 0) {
          i++;
        }
        sink.varint(i - start);
      }
    }
  }

  static void read(ByteSource source, long[] numbers, int size) {
    int i = 0;
    while (i < size) {
      long number = source.zigzag();
      numbers[i++] = number;
      if (number == 0) {
        int zeros = source.count(size - i);
        Arrays.fill(numbers, i, i + zeros, 0);
        i += zeros;
      }
    }
  }

  /** Replaces each number by its difference to the one before. */
  static void difference(long[] numbers, int from, int size) {
    for (int i = size - 1; i >= from; i--) {
      numbers[i] -= numbers[i - 1];
    }
  }

  /** Inverse of {@link #difference}. */
  static void sum(long[] numbers, int from, int size) {
    for (int i = from; i < size; i++) {
      numbers[i] += numbers[i - 1];
    }
  }
}

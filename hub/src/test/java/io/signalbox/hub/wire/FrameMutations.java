package io.signalbox.hub.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Random but reproducible mutations of frames. */
final class FrameMutations {
  private static final byte[] LIKELY =
      "{}[]\",:\\0123456789.-+eEtfn \n\u0000".getBytes(StandardCharsets.US_ASCII);

  private FrameMutations() {}

  /** The frame with one to four mutations: changed, removed, repeated or truncated bytes. */
  static byte[] of(byte[] frame, Random random) {
    byte[] mutated = frame;
    for (int i = random.nextInt(1, 5); i > 0 && mutated.length > 0; i--) {
      mutated = once(mutated, random);
    }
    return mutated;
  }

  private static byte[] once(byte[] frame, Random random) {
    int at = random.nextInt(frame.length);
    byte[] copy = frame.clone();
    return switch (random.nextInt(6)) {
      case 0 -> set(copy, at, (byte) random.nextInt());
      case 1, 2 -> set(copy, at, LIKELY[random.nextInt(LIKELY.length)]);
      case 3 -> Arrays.copyOf(copy, at);
      case 4 -> splice(copy, at, random.nextInt(at, frame.length + 1));
      default -> splice(copy, Math.min(frame.length, at + random.nextInt(8)), at);
    };
  }

  private static byte[] set(byte[] frame, int at, byte value) {
    frame[at] = value;
    return frame;
  }

  /** Removes or repeats bytes: the frame up to one index, then from another one. */
  private static byte[] splice(byte[] frame, int to, int from) {
    byte[] joined = Arrays.copyOf(frame, to + frame.length - from);
    System.arraycopy(frame, from, joined, to, frame.length - from);
    return joined;
  }
}

package io.signalbox.sim.http;

import io.signalbox.sim.link.DeviceFrame.Telemetry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Telemetry messages waiting for upload, combined into requests within the hub's limits. */
final class UploadBatch {
  /** Well below the hub's limits of 10,000 readings and 1 MiB per request. */
  private static final int MOST_READINGS = 4000;

  private final ArrayDeque<Telemetry> frames = new ArrayDeque<>(2);
  private int readings;

  void add(Telemetry frame) {
    frames.addLast(frame);
    readings += count(frame);
  }

  boolean isEmpty() {
    return frames.isEmpty();
  }

  /** Whether a request would be full. */
  boolean isFull() {
    return readings >= MOST_READINGS;
  }

  /** Removes the messages of one request, at least one if there is any. */
  List<Telemetry> take() {
    List<Telemetry> taken = new ArrayList<>();
    int capacity = MOST_READINGS;
    while (!frames.isEmpty() && (taken.isEmpty() || count(frames.getFirst()) <= capacity)) {
      Telemetry frame = frames.removeFirst();
      taken.add(frame);
      capacity -= count(frame);
    }
    readings -= MOST_READINGS - capacity;
    return taken;
  }

  private static int count(Telemetry frame) {
    return frame.samples().stream().mapToInt(sample -> sample.readings().size()).sum();
  }
}

package io.signalbox.sim.http;

import io.signalbox.sim.link.DeviceFrame.Telemetry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Readings that wait to be taken up, as many messages in one request as it may carry. */
final class UploadBatch {
  /** Well below the 10,000 readings and the 1 MiB that the hub takes in one request. */
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

  /** Whether there is enough for a request. */
  boolean isFull() {
    return readings >= MOST_READINGS;
  }

  /** Takes out what one request may carry, at least one message if there is any. */
  List<Telemetry> take() {
    List<Telemetry> taken = new ArrayList<>();
    int room = MOST_READINGS;
    while (!frames.isEmpty() && (taken.isEmpty() || count(frames.getFirst()) <= room)) {
      Telemetry frame = frames.removeFirst();
      taken.add(frame);
      room -= count(frame);
    }
    readings -= MOST_READINGS - room;
    return taken;
  }

  private static int count(Telemetry frame) {
    return frame.samples().stream().mapToInt(sample -> sample.readings().size()).sum();
  }
}

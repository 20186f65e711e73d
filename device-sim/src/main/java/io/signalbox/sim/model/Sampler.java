package io.signalbox.sim.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Samples a model at a constant rate. Timestamps increase strictly, so metric and timestamp
 * identify a reading and repeating it creates no duplicate.
 */
public final class Sampler implements SampleSource {
  /** A device that falls behind by more than this skips samples. */
  private static final double CATCH_UP_MILLIS = 1000;

  private final DeviceModel model;
  private final double intervalMillis;
  private final int batch;
  private final int channels;
  private final double phase;
  private List<Sample> gathered = new ArrayList<>(1);
  private double dueAt = Double.POSITIVE_INFINITY;
  private long lastTs;

  /**
   * Creates a sampler.
   *
   * @param messagesPerSecond messages per second
   * @param batch samples in a message
   * @param channels number of channels to send, from the first
   * @param phase position of the first sample in its interval, from 0 to 1, to spread a fleet
   */
  public Sampler(
      DeviceModel model, double messagesPerSecond, int batch, int channels, double phase) {
    this.model = model;
    this.intervalMillis = 1000 / (messagesPerSecond * batch);
    this.batch = batch;
    this.channels = channels;
    this.phase = phase;
  }

  @Override
  public void start(long nowMillis) {
    dueAt = nowMillis + phase * intervalMillis;
  }

  @Override
  public List<Sample> due(long nowMillis) {
    dueAt = dueAt < nowMillis - CATCH_UP_MILLIS - intervalMillis ? nowMillis : dueAt;
    while (dueAt <= nowMillis) {
      gathered.add(sampleAt((long) dueAt));
      dueAt += intervalMillis;
      if (gathered.size() == batch) {
        return rest();
      }
    }
    return List.of();
  }

  private Sample sampleAt(long due) {
    lastTs = Math.max(due, lastTs + 1);
    List<Reading> readings = model.readAt(lastTs);
    return new Sample(
        lastTs, readings.size() <= channels ? readings : readings.subList(0, channels));
  }

  @Override
  public long nextAt() {
    return dueAt == Double.POSITIVE_INFINITY ? Long.MAX_VALUE : (long) Math.ceil(dueAt);
  }

  @Override
  public List<Sample> rest() {
    List<Sample> message = gathered;
    gathered = new ArrayList<>(batch);
    return message;
  }

  @Override
  public boolean over() {
    return false;
  }
}

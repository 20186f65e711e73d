package io.signalbox.sim.model;

import java.util.List;

/** Source of a device's telemetry messages. Confined to the device's event loop. */
public sealed interface SampleSource permits Sampler, Playback {

  /** Starts the source; called once, at the first connection. */
  void start(long nowMillis);

  /**
   * The next due message, oldest sample first; empty if none is due. Call repeatedly until empty or
   * the window is full.
   */
  List<Sample> due(long nowMillis);

  /** Time at which the next message is due, milliseconds; {@link Long#MAX_VALUE} for never. */
  long nextAt();

  /** Removes and returns the samples of an incomplete message at the end of the run. */
  List<Sample> rest();

  /** Whether the source is exhausted. */
  boolean over();
}

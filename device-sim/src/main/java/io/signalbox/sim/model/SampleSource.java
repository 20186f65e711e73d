package io.signalbox.sim.model;

import java.util.List;

/** Where a device's messages come from. Touched by the device's loop only. */
public sealed interface SampleSource permits Sampler, Playback {

  /** Begins: called once, when the device is first connected. */
  void start(long nowMillis);

  /**
   * The next message that is due, oldest sample first; empty if none is. Call until it is empty or
   * there is no room for more.
   */
  List<Sample> due(long nowMillis);

  /** When the next message will be due, in milliseconds; {@link Long#MAX_VALUE} for never. */
  long nextAt();

  /** What is left over when the run ends: samples that were waiting for their message to fill. */
  List<Sample> rest();

  /** Whether nothing will ever be due again. */
  boolean over();
}

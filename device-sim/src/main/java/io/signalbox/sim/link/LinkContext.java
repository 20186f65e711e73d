package io.signalbox.sim.link;

import io.signalbox.sim.api.HubAddress;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Dependencies shared by all links of one event loop. Confined to that loop, except the traffic
 * metrics.
 */
public final class LinkContext {
  private final HubAddress hub;
  private final Encoding encoding;
  private final TrafficMetrics traffic;
  private final LongSupplier clock;
  private final RandomGenerator random;
  private final InFlightCounter inFlight = new InFlightCounter();

  /**
   * Creates a context.
   *
   * @param clock Unix milliseconds, never going back
   */
  public LinkContext(
      HubAddress hub,
      Encoding encoding,
      TrafficMetrics traffic,
      LongSupplier clock,
      RandomGenerator random) {
    this.hub = hub;
    this.encoding = encoding;
    this.traffic = traffic;
    this.clock = clock;
    this.random = random;
  }

  /** The hub's address. */
  public HubAddress hub() {
    return hub;
  }

  /** The encoding of frames and bodies. */
  public Encoding encoding() {
    return encoding;
  }

  /** The traffic counters of a transport. */
  public TrafficMetrics.Counts counts(TransportKind transport) {
    return traffic.of(transport);
  }

  /** Current time, Unix milliseconds. */
  public long now() {
    return clock.getAsLong();
  }

  /** Random numbers for links. */
  public RandomGenerator random() {
    return random;
  }

  /** The counter of pending connection attempts. */
  public InFlightCounter inFlight() {
    return inFlight;
  }
}

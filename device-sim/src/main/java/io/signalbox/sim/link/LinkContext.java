package io.signalbox.sim.link;

import io.signalbox.sim.api.HubAddress;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** What all links of one loop share. Touched by the loop only, except for the traffic. */
public final class LinkContext {
  private final HubAddress hub;
  private final Encoding encoding;
  private final TrafficMetrics traffic;
  private final LongSupplier clock;
  private final RandomGenerator random;
  private final InFlightCounter inFlight = new InFlightCounter();

  /**
   * A switchboard.
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

  /** Where the hub is. */
  public HubAddress hub() {
    return hub;
  }

  /** How links write. */
  public Encoding encoding() {
    return encoding;
  }

  /** What is counted of the links of one way. */
  public TrafficMetrics.Counts counts(TransportKind transport) {
    return traffic.of(transport);
  }

  /** The time, Unix milliseconds. */
  public long now() {
    return clock.getAsLong();
  }

  /** The randomness of links. */
  public RandomGenerator random() {
    return random;
  }

  /** Who is calling the hub just now. */
  public InFlightCounter inFlight() {
    return inFlight;
  }
}

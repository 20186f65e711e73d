package io.signalbox.hub.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reachability of a device, as the hub knows it.
 *
 * @param state present state
 * @param since Unix milliseconds at which this state began
 * @param cause the cause: {@code connected}, {@code closed}, {@code silent}, {@code draining},
 *     {@code revoked}, {@code hub-restarted}, {@code never-seen}, …; docs/protocol.md lists all
 * @param transport present or last transport; null if it never connected
 * @param session epoch of the present or last session; 0 if there never was one. A newer session
 *     has a higher epoch
 * @param address the device's network address; null if it never connected
 * @param expected Unix milliseconds of a poller's planned contact; null if none is planned
 * @param flapping null for a device that is not flapping
 */
public record Presence(
    State state,
    long since,
    String cause,
    @Nullable Transport transport,
    long session,
    @Nullable String address,
    @Nullable Long expected,
    @Nullable Flapping flapping) {

  /** The presence of a device that is not flapping and has no planned contact. */
  public Presence(
      State state,
      long since,
      String cause,
      @Nullable Transport transport,
      long session,
      @Nullable String address) {
    this(state, since, cause, transport, session, address, null, null);
  }

  /** The presence of a device that has never connected, since its registration. */
  public static Presence neverSeen(long registered) {
    return new Presence(State.OFFLINE, registered, "never-seen", null, 0, null);
  }

  /** The same presence with a flapping state. */
  public Presence withFlapping(@Nullable Flapping named) {
    return new Presence(state, since, cause, transport, session, address, expected, named);
  }

  /** Presence states. */
  public enum State {
    /** A session is connected. */
    ONLINE,
    /** A poller within its planned interval. */
    ASLEEP,
    /** A poller that has missed its planned contact. */
    OVERDUE,
    /** No session. */
    OFFLINE
  }

  /**
   * A device whose sessions start and end too often.
   *
   * @param changes session starts and ends since then
   * @param since Unix milliseconds at which it began
   * @param addresses addresses that compete for the id, the holder first; for an unstable device,
   *     the last address
   */
  public record Flapping(Kind kind, int changes, long since, List<String> addresses) {
    /** Kind of flapping. */
    public enum Kind {
      /** Sessions start and end too often. */
      UNSTABLE,
      /** Two connections take the id from each other: two devices share one key. */
      CONTESTED
    }
  }
}

package io.signalbox.hub.model;

import org.jspecify.annotations.Nullable;

/**
 * What the hub knows of a device's reachability.
 *
 * @param state where it stands
 * @param since Unix milliseconds at which this state began
 * @param cause why: {@code connected}, {@code closed}, {@code silent}, {@code replaced}, {@code
 *     draining}, {@code revoked}, {@code hub restarted}, {@code never seen}, …
 * @param transport how the device is or was attached; null if it never was
 * @param session epoch of the session that this speaks of; 0 if there never was one. A newer
 *     session has a higher epoch
 * @param address the device's network address; null if it never was here
 */
public record Presence(
    State state,
    long since,
    String cause,
    @Nullable Transport transport,
    long session,
    @Nullable String address) {

  /** Where a device stands. */
  public enum State {
    /** A session is open. */
    ONLINE,
    /** A poller inside its planned interval. */
    ASLEEP,
    /** A poller past its planned interval. */
    OVERDUE,
    /** No session. */
    OFFLINE
  }
}

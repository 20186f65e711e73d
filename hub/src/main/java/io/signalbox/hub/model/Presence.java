package io.signalbox.hub.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the hub knows of a device's reachability.
 *
 * @param state where it stands
 * @param since Unix milliseconds at which this state began
 * @param cause why: {@code connected}, {@code closed}, {@code silent}, {@code draining}, {@code
 *     revoked}, {@code hub restarted}, {@code never seen}, …; docs/protocol.md has them all
 * @param transport how the device is or was attached; null if it never was
 * @param session epoch of the session that this speaks of; 0 if there never was one. A newer
 *     session has a higher epoch
 * @param address the device's network address; null if it never was here
 * @param expected Unix milliseconds at which a poller's next contact is or was planned; null where
 *     there is no plan
 * @param flapping null for a device that comes and goes no more than others
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

  /** The presence of a device without a plan, and at peace. */
  public Presence(
      State state,
      long since,
      String cause,
      @Nullable Transport transport,
      long session,
      @Nullable String address) {
    this(state, since, cause, transport, session, address, null, null);
  }

  /** The presence of a device that was never here, since it was registered. */
  public static Presence neverSeen(long registered) {
    return new Presence(State.OFFLINE, registered, "never seen", null, 0, null);
  }

  /** The same of a device that does not come to rest. */
  public Presence withFlapping(@Nullable Flapping named) {
    return new Presence(state, since, cause, transport, session, address, expected, named);
  }

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

  /**
   * That a device does not come to rest.
   *
   * @param changes sessions that began or ended since
   * @param since Unix milliseconds at which it began
   * @param addresses who takes the id from each other, the holder first; of an unsteady device, the
   *     last address
   */
  public record Flapping(Kind kind, int changes, long since, List<String> addresses) {
    /** What is wrong. */
    public enum Kind {
      /** Its sessions come and go too often. */
      UNSTEADY,
      /** Two connections take the id from each other: two devices have one key. */
      CONTESTED
    }
  }
}

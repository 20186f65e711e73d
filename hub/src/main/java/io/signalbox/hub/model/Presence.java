package io.signalbox.hub.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reachability of a device, as the hub knows it.
 *
 * @param state present state
 * @param since Unix milliseconds at which this state began
 * @param end how the last session ended; null if there is a session, or never was one
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
    @Nullable SessionEnd end,
    @Nullable Transport transport,
    long session,
    @Nullable String address,
    @Nullable Long expected,
    @Nullable Flapping flapping) {

  /** The presence of a device that is not flapping and has no planned contact. */
  public Presence(
      State state,
      long since,
      @Nullable SessionEnd end,
      @Nullable Transport transport,
      long session,
      @Nullable String address) {
    this(state, since, end, transport, session, address, null, null);
  }

  /** The presence of a device that has never connected, since its registration. */
  public static Presence neverSeen(long registered) {
    return new Presence(State.OFFLINE, registered, null, null, 0, null);
  }

  /** The cause of this state, for the API and the store; docs/protocol.md lists all. */
  public String cause() {
    return switch (state) {
      case ONLINE -> "connected";
      case ASLEEP -> "polling";
      case OVERDUE -> "poll-missed";
      case OFFLINE -> end == null ? "never-seen" : end.text();
    };
  }

  /**
   * The presence after the end of its session.
   *
   * @param now Unix milliseconds
   */
  public Presence ended(long now, SessionEnd how) {
    return new Presence(State.OFFLINE, now, how, transport, session, address);
  }

  /** The same presence with a flapping state. */
  public Presence withFlapping(@Nullable Flapping named) {
    return new Presence(state, since, end, transport, session, address, expected, named);
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

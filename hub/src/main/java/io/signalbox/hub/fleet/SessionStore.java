package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.Transport;
import io.vertx.core.Future;
import java.util.Map;

/**
 * Store of sessions, so that epochs only grow and presence survives restarts.
 *
 * <p>Contract: each call is one atomic step, durable once it has succeeded. Writes fail with {@code
 * UNAVAILABLE} if the store is not writable.
 *
 * <p>Threading: any thread may call; futures complete on a store thread.
 */
public interface SessionStore {
  /**
   * Creates the device's present session, replacing any other, and returns its epoch: higher than
   * any earlier one of the device, even if it was deleted since. {@code UNKNOWN_DEVICE}, {@code
   * DISABLED}.
   */
  Future<Long> claim(String device, Transport transport, String address, long since);

  /**
   * Stores the end of a session, unless a newer one exists.
   *
   * @param ended state, since and end of the session in {@link Presence#session}
   * @return whether it was stored; {@code UNKNOWN_DEVICE} if the device was deleted, whether or not
   *     the id is registered again
   */
  Future<Boolean> release(String device, Presence ended);

  /** Stores the state of pollers, except those whose session is not the present one any more. */
  Future<Void> savePollers(Map<String, StoredSession> pollers);

  /**
   * After a start: ends every session that was online, with this end, and returns the state of
   * every device that has ever connected. Pollers that were asleep or overdue stay so.
   */
  Future<Map<String, StoredSession>> recover(long since, SessionEnd end);

  /**
   * Stored session state of a device.
   *
   * @param presence the presence, with the planned contact for a poller
   * @param contact last contact of a poller, Unix milliseconds; 0 for others
   */
  record StoredSession(Presence presence, long contact) {}
}

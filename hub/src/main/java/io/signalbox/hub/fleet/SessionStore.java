package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Transport;
import io.vertx.core.Future;
import java.util.Map;

/**
 * Who is attached, so that epochs only grow and presence outlives the hub.
 *
 * <p>Contract: each call is one atomic step, durable once it has succeeded. When nothing can be
 * written: {@code UNAVAILABLE}.
 *
 * <p>Threading: any thread may call; futures complete on a thread of the store's.
 */
public interface SessionStore {
  /**
   * Makes the device's present session, in place of any other, and answers its epoch: higher than
   * any that was ever claimed for the device, even if it has been deleted since. {@code
   * UNKNOWN_DEVICE}, {@code DISABLED}.
   */
  Future<Long> claim(String device, Transport transport, String address, long since);

  /**
   * Keeps how a session ended, unless a newer one has been claimed.
   *
   * @param ended state, since and cause of the session that {@link Presence#session} names
   * @return whether it was kept; {@code UNKNOWN_DEVICE} if the device has no session any more
   *     because it was deleted, whether or not there is one of its name again
   */
  Future<Boolean> release(String device, Presence ended);

  /** Keeps how pollers stand, but for those whose session is not the present one any more. */
  Future<Void> savePollers(Map<String, StoredSession> pollers);

  /**
   * After a start: ends every session that was online, and answers how each device that was ever
   * here was left. Pollers that were asleep or overdue are so still.
   */
  Future<Map<String, StoredSession>> recover(long since, String cause);

  /**
   * How a device stands.
   *
   * @param presence with the plan, if it is a poller's
   * @param contact when a poller was heard last, Unix milliseconds; 0 for others
   */
  record StoredSession(Presence presence, long contact) {}
}

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
   * @return whether it was kept
   */
  Future<Boolean> release(String device, Presence ended);

  /**
   * After a start: ends every session that was left open, and answers how each device that was ever
   * here was left.
   */
  Future<Map<String, Presence>> restart(long since, String cause);
}

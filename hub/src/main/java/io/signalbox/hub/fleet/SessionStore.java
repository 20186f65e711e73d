package io.signalbox.hub.fleet;

import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.Transport;
import io.vertx.core.Future;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Store of sessions, so that epochs only grow and presence survives restarts. Several nodes may use
 * one store: a device has at most one session, which belongs to the node that claimed it.
 *
 * <p>Contract: each call is one atomic step, durable once it has succeeded. A write about a session
 * carries its epoch and changes nothing if a newer session exists. Writes fail with {@code
 * UNAVAILABLE} if the store is not writable.
 *
 * <p>Threading: any thread may call; futures complete on a store thread.
 */
public interface SessionStore {
  /**
   * Creates the device's present session, replacing any other. {@code UNKNOWN_DEVICE}, {@code
   * DISABLED}.
   *
   * @param node name of the node that holds the session
   * @param since Unix milliseconds
   * @return the new epoch, and the session that this one replaces
   */
  Future<Claim> claim(String device, String node, Transport transport, String address, long since);

  /**
   * The same, unless the device has a session that is not offline, on any node: then nothing
   * changes, and the claim {@linkplain Claim#foundPresent has found} it.
   */
  Future<Claim> claimIfAbsent(
      String device, String node, Transport transport, String address, long since);

  /**
   * Stores the end of a session, unless a newer one exists.
   *
   * @param ended state, since and end of the session in {@link Presence#session}
   * @return whether it was stored; {@code UNKNOWN_DEVICE} if the device was deleted, whether or not
   *     the id is registered again
   */
  Future<Boolean> release(String device, Presence ended);

  /**
   * Stores the state of pollers, except those whose session is not the present one any more or has
   * ended. Their sessions stay with their nodes.
   */
  Future<Void> savePollers(Map<String, StoredSession> pollers);

  /**
   * After a start of the node: ends every session that was online on it, with this end, and returns
   * the state of every device that has ever connected, to any node. Pollers that were asleep or
   * overdue stay so, and sessions of other nodes stay as they are.
   */
  Future<Map<String, StoredSession>> recover(String node, long since, SessionEnd end);

  /**
   * Takes over what a node held that has stopped answering: ends its sessions that were online,
   * with this end, and gives its pollers that were asleep or overdue to another node. Sessions that
   * were claimed by other nodes meanwhile stay as they are.
   *
   * @return the sessions that were ended or given, as they are now; of several calls each gets its
   *     own
   */
  Future<Map<String, StoredSession>> takeOver(String lost, String by, long since, SessionEnd end);

  /**
   * Outcome of a claim.
   *
   * @param epoch higher than any earlier one of the device, even if it was deleted since
   * @param previous the session before this one, present or ended; null if there was none
   */
  record Claim(long epoch, @Nullable StoredSession previous) {
    /** The present session, which the claim has left as it is; null if the claim made one. */
    public @Nullable StoredSession foundPresent() {
      StoredSession before = previous;
      return before != null && before.presence().session() == epoch ? before : null;
    }

    /** The session that this claim has displaced; null if there was none, or it had ended. */
    public @Nullable StoredSession displaced() {
      StoredSession before = previous;
      boolean present = before != null && before.presence().state() != Presence.State.OFFLINE;
      return present ? before : null;
    }
  }

  /**
   * Stored session state of a device.
   *
   * @param presence the presence, with the planned contact for a poller
   * @param contact last contact of a poller, Unix milliseconds; 0 for others
   * @param node name of the node that holds the session, or held it last
   */
  record StoredSession(Presence presence, long contact, String node) {}
}

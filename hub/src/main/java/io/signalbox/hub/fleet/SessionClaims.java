package io.signalbox.hub.fleet;

import io.signalbox.hub.clock.HubClock;
import io.signalbox.hub.fleet.SessionState.Connected;
import io.signalbox.hub.fleet.SessionStore.Claim;
import io.signalbox.hub.fleet.SessionStore.StoredSession;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Transport;
import io.vertx.core.Future;
import java.util.Objects;

/**
 * Claims of sessions by this node.
 *
 * <p>Threading: any thread; state is changed under the registry's lock.
 */
final class SessionClaims {
  private final SessionRegistry registry;
  private final SessionStore store;
  private final String node;
  private final FlappingDetector flappingDetector;
  private final HubClock clock;

  /**
   * Claims for the registry.
   *
   * @param registry whose lock is held while state is changed
   */
  SessionClaims(
      SessionRegistry registry,
      SessionStore store,
      String node,
      FlappingDetector flappingDetector,
      HubClock clock) {
    this.registry = registry;
    this.store = store;
    this.node = node;
    this.flappingDetector = flappingDetector;
    this.clock = clock;
  }

  /** Opens a session with a new, higher epoch. */
  Future<Session> open(
      String device, Transport transport, String address, EvictionListener eviction) {
    long now = clock.wallMillis();
    try {
      flappingDetector.checkClaim(device, registry.presence(), clock.monotonicMillis());
    } catch (Refusal refusal) {
      return Future.failedFuture(refusal);
    }
    return store
        .claim(device, node, transport, address, now)
        .map(
            claim ->
                opened(
                    new Session(device, claim.epoch(), transport, address, now), eviction, claim));
  }

  private Session opened(Session session, EvictionListener eviction, Claim claim) {
    registry.claimed(new Connected(session, eviction, session.since()), claim);
    return session;
  }

  /**
   * Finds the present session, or opens one. The store decides, because this node knows a session
   * that another one has opened only once its event has arrived.
   */
  Future<Session> openIfAbsent(String device, String address, EvictionListener eviction) {
    long now = clock.wallMillis();
    return store
        .claimIfAbsent(device, node, Transport.HTTP, address, now)
        .compose(
            claim -> {
              StoredSession found = claim.foundPresent();
              if (found == null) {
                Session made = new Session(device, claim.epoch(), Transport.HTTP, address, now);
                return Future.succeededFuture(opened(made, eviction, claim));
              }
              return hasEnded(device, found)
                  ? open(device, Transport.HTTP, address, eviction)
                  : Future.succeededFuture(sessionOf(device, found.presence()));
            });
  }

  /** Whether a session has ended that the store still shows as present. */
  private boolean hasEnded(String device, StoredSession found) {
    Presence known = registry.presence().of(device);
    return known.session() < found.presence().session()
        ? found.node().equals(node)
        : known.state() == Presence.State.OFFLINE;
  }

  private static Session sessionOf(String device, Presence held) {
    Transport transport = Objects.requireNonNull(held.transport());
    String address = Objects.requireNonNull(held.address());
    return new Session(device, held.session(), transport, address, held.since());
  }
}

package io.signalbox.hub.store.redis.fleet;

import io.signalbox.hub.fleet.SessionStore.StoredSession;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.Transport;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Encoding of a session as the hash {@code session:DEVICE}: {@code s} the state in lower case,
 * {@code e} the epoch, {@code n} the node, {@code t} the transport in lower case, {@code a} the
 * address, {@code i} since when it has the state, {@code c} the cause if it is offline, {@code x}
 * the planned contact of a poller and {@code k} its last one.
 */
final class SessionHash {
  private SessionHash() {}

  /** The session with these fields, in the order above; empty if there is none. */
  static Optional<StoredSession> parse(Response fields) {
    if (fields.size() == 0 || fields.get(0) == null) {
      return Optional.empty();
    }
    Presence.State state = Presence.State.valueOf(upper(fields.get(0)));
    Response contact = fields.get(8);
    Presence presence =
        new Presence(
            state,
            fields.get(5).toLong(),
            state == Presence.State.OFFLINE ? SessionEnd.of(fields.get(6).toString()) : null,
            Transport.valueOf(upper(fields.get(3))),
            fields.get(1).toLong(),
            fields.get(4).toString(),
            fields.get(7) == null ? null : fields.get(7).toLong(),
            null);
    return Optional.of(
        new StoredSession(
            presence, contact == null ? 0 : contact.toLong(), fields.get(2).toString()));
  }

  /** Arguments of {@code save-sessions.lua} for a session. */
  static List<Object> arguments(String device, Presence presence, long contact) {
    Long expected = presence.expected();
    String address = presence.address();
    return List.of(
        device,
        presence.session(),
        lower(presence.state()),
        presence.since(),
        address == null ? "" : address,
        presence.cause(),
        expected == null ? "" : expected,
        contact);
  }

  static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  private static String upper(Response word) {
    return word.toString().toUpperCase(Locale.ROOT);
  }
}

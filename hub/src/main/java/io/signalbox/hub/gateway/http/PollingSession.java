package io.signalbox.hub.gateway.http;

import io.signalbox.hub.fleet.EvictionListener;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.fleet.SessionRegistry;
import io.signalbox.hub.gateway.DeviceAdmission;
import io.signalbox.hub.gateway.GatewayEventLog;
import io.signalbox.hub.gateway.http.HttpGatewayMetrics.PollKind;
import io.signalbox.hub.http.RequestSource;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.signalbox.hub.model.SessionEnd;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.polling.NextPoll;
import io.signalbox.hub.recorder.TimeText;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Session of a polling device. It continues between requests, and over a restart of the hub if the
 * device was asleep then.
 *
 * <p>Threading: the device's event loop, except for {@link #evicted}.
 */
final class PollingSession implements EvictionListener {
  private static final long TELL_NANOS = 60_000_000_000L;

  private final DeviceAdmission admission;
  private final SessionRegistry sessions;
  private final GatewayEventLog eventLog;
  private final HttpDevice device;
  private final SharedKeyDetector sharedKeys = new SharedKeyDetector();
  private @Nullable Session session;
  private boolean awake;
  private int polls;
  private long recordedAt;
  private @Nullable Future<Session> opening;

  /** The device is notified of the end of a session; it has none yet. */
  PollingSession(
      DeviceAdmission admission,
      SessionRegistry sessions,
      GatewayEventLog eventLog,
      HttpDevice device) {
    this.admission = admission;
    this.sessions = sessions;
    this.eventLog = eventLog;
    this.device = device;
  }

  /** The session; null if there is none. */
  @Nullable Session session() {
    return session;
  }

  /** Whether there is a session, or one is being opened. */
  boolean hasSession() {
    return session != null || opening != null;
  }

  /**
   * The session for an upload, without taking over another one: the device's present session, on
   * any node, else its own.
   */
  Future<Session> sessionFor(DeviceIdentity caller) {
    Session present = sessions.session(caller.id());
    Session other = present == null ? presentElsewhere(caller.id()) : connected(present);
    if (other != null) {
      return Future.succeededFuture(other);
    }
    if (opening != null) {
      return opening;
    }
    return present == null ? openIfAbsent(caller) : claim(caller);
  }

  /** Whether the device's present session is that of a poller, on another node. */
  boolean hasMoved() {
    Session other = presentElsewhere(device.id());
    return other != null && connected(other) == null;
  }

  /** The session if it is that of a connection. */
  private static @Nullable Session connected(Session present) {
    return present.transport() == Transport.HTTP ? null : present;
  }

  /**
   * The session that the device has on another node, or null. It may be a poller's: behind a load
   * balancer each request of a device reaches another node, and its session stays where it polls.
   */
  private @Nullable Session presentElsewhere(String device) {
    Presence presence = sessions.presence().of(device);
    Transport transport = presence.transport();
    String address = presence.address();
    return presence.state() == Presence.State.OFFLINE || transport == null || address == null
        ? null
        : new Session(device, presence.session(), transport, address, presence.since());
  }

  /** The device's own session: resumed, or opened in place of any other. */
  Future<Session> claim(DeviceIdentity caller) {
    return claim(caller, ignored -> {});
  }

  /**
   * The same with a check for another client with the same key; {@code RATE_LIMITED} if the two
   * contend.
   *
   * @param held whether a request of the device is held
   * @param early whether the device polls earlier than it was asked to
   */
  Future<Session> claim(DeviceIdentity caller, boolean held, boolean early) {
    return claim(caller, present -> checkAddressChange(present, caller.address(), held, early));
  }

  private Future<Session> claim(DeviceIdentity caller, Consumer<Session> check) {
    if (opening != null) {
      // An upload may have found a session on another node.
      return opening.compose(
          opened -> isHeld(opened) ? Future.succeededFuture(opened) : claim(caller, check));
    }
    Session present = sessions.session(caller.id());
    if (present == null || !isOurs(present)) {
      return open(caller);
    }
    Session known = session;
    Session last = known != null && known.epoch() == present.epoch() ? known : present;
    check.accept(last);
    session = seenAt(last, caller.address());
    return Future.succeededFuture(session);
  }

  private void checkAddressChange(Session present, String address, boolean held, boolean early) {
    String from = present.address();
    if (held && !from.equals(address)) {
      sessions.addressChanged(present, address, 1);
    } else if (!held && !RequestSource.hostOf(from).equals(RequestSource.hostOf(address))) {
      sessions.addressChanged(present, address, sharedKeys.moved(from, address, early));
    } else if (!early) {
      sharedKeys.cameAsPlanned();
    }
  }

  private boolean isOurs(Session present) {
    Session ours = session;
    boolean known = ours != null && ours.epoch() == present.epoch();
    return known || (present.transport() == Transport.HTTP && sessions.adopt(present, this));
  }

  private static Session seenAt(Session session, String address) {
    return session.address().equals(address)
        ? session
        : new Session(
            session.device(), session.epoch(), session.transport(), address, session.since());
  }

  private boolean isHeld(Session other) {
    return session != null && session.epoch() == other.epoch();
  }

  private Future<Session> open(DeviceIdentity caller) {
    return opening(
        admission.openPollingSession(caller.key(), caller.id(), caller.address(), this),
        this::opened);
  }

  private Future<Session> openIfAbsent(DeviceIdentity caller) {
    return opening(
        admission.openPollingSessionIfAbsent(caller.key(), caller.id(), caller.address(), this),
        this::found);
  }

  private Future<Session> opening(Future<Session> claim, Function<Session, Session> claimed) {
    Future<Session> opened = device.loop().onLoop(claim).map(claimed);
    opening = opened;
    return opened.onComplete(done -> opening = null);
  }

  private Session opened(Session fresh) {
    if (!sessions.isCurrent(fresh)) {
      admission.closeSession(fresh, new SessionEnd.Replaced("", 0), "");
      throw new Refusal(ErrorCode.CONFLICT, "replaced by a newer session of the device");
    }
    session = fresh;
    awake = true;
    return fresh;
  }

  /** The session of an upload: a new one, or one that the device has elsewhere. */
  private Session found(Session present) {
    if (present.transport() == Transport.HTTP && sessions.isCurrent(present)) {
      sessions.adopt(present, this);
      session = present;
      awake = true;
    }
    return present;
  }

  /** Whether there is a session that is not marked as asleep. */
  boolean isAwake() {
    return session != null && awake;
  }

  /** The device stays connected. */
  void markAwake() {
    if (session != null) {
      awake = true;
      sessions.markAwake(session);
    }
  }

  /** The device is asleep until a time in Unix milliseconds. */
  void markAsleep(long expected) {
    if (session != null) {
      awake = false;
      sessions.markAsleep(session, expected);
    }
  }

  /** Records an answered poll in the flight recorder, at most once a minute. */
  void polled(PollKind pollKind, NextPoll next) {
    polls++;
    long now = System.nanoTime();
    if (session != null && (recordedAt == 0 || now - recordedAt > TELL_NANOS)) {
      String text =
          "polled %s; next poll in %s: %s"
              .formatted(
                  polls == 1 ? "once" : polls + " times",
                  TimeText.words(next.millis()),
                  next.reason().word());
      eventLog.polled(session, pollKind.name().toLowerCase(Locale.ROOT), text);
      recordedAt = now;
      polls = 0;
    }
  }

  /** The session has ended. */
  void close(SessionEnd end) {
    Session was = session;
    if (was != null) {
      session = null;
      admission.closeSession(was, end, "");
      device.sessionEnded(end);
    }
  }

  @Override
  public void evicted(SessionEnd end) {
    device.loop().context().runOnContext(turn -> end(end));
  }

  private void end(SessionEnd end) {
    if (session != null && !sessions.isCurrent(session)) {
      close(end);
    }
  }
}

package io.signalbox.hub.gateway.http;

import io.signalbox.hub.fleet.Eviction;
import io.signalbox.hub.fleet.Presences;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.gateway.Reception;
import io.signalbox.hub.gateway.http.VisitTally.Way;
import io.signalbox.hub.http.RequestSource;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.polling.Planned;
import io.signalbox.hub.recorder.Spans;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The session of a visiting device, which goes on between its visits, and over a restart of the hub
 * if the device was asleep then.
 *
 * <p>Threading: the device's home, but for {@link #evicted}.
 */
final class Attachment implements Eviction {
  private static final long TELL_NANOS = 60_000_000_000L;

  private final Reception reception;
  private final Home home;
  private final Consumer<String> whenOver;
  private final Rivals rivals = new Rivals();
  private @Nullable Session session;
  private boolean awake;
  private int polls;
  private long toldAt;
  private @Nullable Future<Session> opening;

  /**
   * Without a session yet.
   *
   * @param whenOver is told the cause when a session is over
   */
  Attachment(Reception reception, Home home, Consumer<String> whenOver) {
    this.reception = reception;
    this.home = home;
    this.whenOver = whenOver;
  }

  /** The session, if there is one. */
  @Nullable Session session() {
    return session;
  }

  /** Whether there is a session, or one is about to be. */
  boolean isThere() {
    return session != null || opening != null;
  }

  /**
   * The session in whose name the device brings something, without taking anything from anybody:
   * that of its connection, if it has one; else its own.
   */
  Future<Session> named(Caller caller) {
    Session present = presences().session(caller.id());
    boolean connected = present != null && present.transport() != Transport.HTTP;
    return connected ? Future.succeededFuture(present) : claim(caller);
  }

  /** The device's own session: taken up again, or opened in the place of any other. */
  Future<Session> claim(Caller caller) {
    return claim(caller, ignored -> {});
  }

  /**
   * The same for who takes it away from whoever else has the device's key; {@code TOO_FAST} if two
   * have, and fight.
   *
   * @param held whether a request of the device is held
   * @param early whether the device comes before it was asked to
   */
  Future<Session> claim(Caller caller, boolean held, boolean early) {
    return claim(caller, present -> checkMove(present, caller.address(), held, early));
  }

  private Future<Session> claim(Caller caller, Consumer<Session> check) {
    if (opening != null) {
      return opening;
    }
    Session present = presences().session(caller.id());
    if (present == null || !isOurs(present)) {
      return open(caller);
    }
    Session known = session;
    Session last = known != null && known.epoch() == present.epoch() ? known : present;
    check.accept(last);
    session = seenAt(last, caller.address());
    return Future.succeededFuture(session);
  }

  private void checkMove(Session present, String address, boolean held, boolean early) {
    String from = present.address();
    if (held && !from.equals(address)) {
      presences().moves(present, address, 1);
    } else if (!held && !RequestSource.hostOf(from).equals(RequestSource.hostOf(address))) {
      presences().moves(present, address, rivals.moved(from, address, early));
    } else if (!early) {
      rivals.cameAsPlanned();
    }
  }

  private boolean isOurs(Session present) {
    Session ours = session;
    boolean known = ours != null && ours.epoch() == present.epoch();
    return known || (present.transport() == Transport.HTTP && presences().adopt(present, this));
  }

  private static Session seenAt(Session session, String address) {
    return session.address().equals(address)
        ? session
        : new Session(
            session.device(), session.epoch(), session.transport(), address, session.since());
  }

  private Future<Session> open(Caller caller) {
    Future<Session> opened =
        home.here(reception.visit(caller.key(), caller.id(), caller.address(), this))
            .map(this::opened);
    opening = opened;
    return opened.onComplete(done -> opening = null);
  }

  private Session opened(Session fresh) {
    if (!presences().isCurrent(fresh)) {
      reception.end(fresh, "replaced", "");
      throw new Refusal(Kind.CONFLICT, "a newer session of the device has taken its place");
    }
    session = fresh;
    awake = true;
    return fresh;
  }

  /** Whether there is a session of which nobody has said that it rests. */
  boolean isAwake() {
    return session != null && awake;
  }

  /** The device is here for longer. */
  void wake() {
    if (session != null) {
      awake = true;
      presences().wakes(session);
    }
  }

  /** The device is asleep; the time is Unix milliseconds. */
  void rest(long expected) {
    if (session != null) {
      awake = false;
      presences().rests(session, expected);
    }
  }

  /** A poll is answered: what the flight recorder is told, at most once a minute. */
  void polled(Way way, Planned next) {
    polls++;
    long now = System.nanoTime();
    if (session != null && (toldAt == 0 || now - toldAt > TELL_NANOS)) {
      String text =
          "polled %s; asked to come again in %s: %s"
              .formatted(
                  polls == 1 ? "once" : polls + " times",
                  Spans.words(next.millis()),
                  next.because().word());
      reception.witness().polled(session, way.name().toLowerCase(Locale.ROOT), text);
      toldAt = now;
      polls = 0;
    }
  }

  /** The device has gone away. */
  void leave(String cause) {
    Session was = session;
    if (was != null) {
      session = null;
      reception.end(was, cause, "");
      whenOver.accept(cause);
    }
  }

  @Override
  public void evicted(String cause) {
    home.context().runOnContext(turn -> end(cause));
  }

  private void end(String cause) {
    if (session != null && !presences().isCurrent(session)) {
      leave(cause);
    }
  }

  private Presences presences() {
    return reception.presences();
  }
}

package io.signalbox.hub.gateway;

import io.signalbox.hub.command.Commands;
import io.signalbox.hub.fleet.Eviction;
import io.signalbox.hub.fleet.Presences;
import io.signalbox.hub.fleet.Registry;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.fleet.Twins;
import io.signalbox.hub.model.Device;
import io.signalbox.hub.model.Presence;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import io.signalbox.hub.model.Transport;
import io.signalbox.hub.model.Twin;
import io.signalbox.hub.recorder.FlightRecorder;
import io.signalbox.hub.wire.DeviceFrames;
import io.signalbox.hub.wire.Limits;
import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Lets devices in, the same way for every transport: who is it, is there room, which session is it
 * now. The rooms that a session talks to are reached through here. One for the node.
 *
 * <p>Threading: any thread; futures complete on any thread.
 */
public final class Reception {
  private final Registry registry;
  private final Presences presences;
  private final Twins twins;
  private final Commands commands;
  private final Witness witness;
  private final GatewaySettings settings;
  private final Limits limits;
  private final Allowance allowance;
  private final AtomicInteger guests = new AtomicInteger();
  private volatile boolean draining;

  /** A reception in front of these rooms. */
  public Reception(
      Registry registry,
      Presences presences,
      Twins twins,
      Commands commands,
      FlightRecorder recorder,
      GatewaySettings settings) {
    this.registry = registry;
    this.presences = presences;
    this.twins = twins;
    this.commands = commands;
    this.witness = new Witness(recorder);
    this.settings = settings;
    this.limits = limitsOf(settings);
    // A burst must hold the largest message, or a device could never send it.
    int burst = Math.max(2 * settings.readingsPerSecond(), settings.maxReadings());
    this.allowance = new Allowance(settings.readingsPerSecond(), burst);
  }

  private static Limits limitsOf(GatewaySettings settings) {
    Limits standard = Limits.STANDARD;
    return new Limits(
        settings.maxReadings(),
        settings.maxFrameBytes(),
        standard.futureMillis(),
        standard.textBytes(),
        standard.jsonBytes(),
        standard.nameLength());
  }

  /**
   * Lets a device in by its key. Fails with {@code UNAUTHENTICATED}, {@code DISABLED}, {@code
   * TOO_FAST} or {@code UNAVAILABLE}. Its session must be ended again with {@link #leave}.
   */
  public Future<Session> enter(
      @Nullable String key, Transport transport, String address, Eviction eviction) {
    if (key == null) {
      return Future.failedFuture(noKey());
    }
    return admit(key, transport, address, eviction)
        .onSuccess(witness::arrived)
        .onFailure(refused -> turnedAway(key, transport, address, refused));
  }

  private static Refusal noKey() {
    return new Refusal(
        Kind.UNAUTHENTICATED,
        "no key: send Authorization: Bearer <device key>, or Basic with the key as password");
  }

  private Future<Session> admit(
      String key, Transport transport, String address, Eviction eviction) {
    try {
      takeSeat();
    } catch (Refusal full) {
      return Future.failedFuture(full);
    }
    return registry
        .authenticate(key)
        .compose(device -> presences.open(device.id(), transport, address, eviction))
        .compose(session -> stillKnown(key, session))
        .onFailure(refused -> leaveSeat());
  }

  /**
   * A connection, or a request that is held, takes its place. Throws {@code UNAVAILABLE}; otherwise
   * it is to be given back with {@link #leaveSeat}.
   */
  public void takeSeat() {
    if (draining) {
      throw new Refusal(Kind.UNAVAILABLE, "the hub is going down");
    }
    if (guests.incrementAndGet() > settings.maxConnections()) {
      guests.decrementAndGet();
      throw new Refusal(Kind.UNAVAILABLE, "the hub holds as many connections as it may");
    }
  }

  /** The place is free again. */
  public void leaveSeat() {
    guests.decrementAndGet();
  }

  /**
   * Whose key it is, for a device that shows it with every request. {@code UNAUTHENTICATED}, {@code
   * DISABLED}.
   */
  public Future<Device> recognise(@Nullable String key, String address) {
    return key == null
        ? Future.failedFuture(noKey())
        : registry
            .authenticate(key)
            .onFailure(refused -> turnedAway(key, Transport.HTTP, address, refused));
  }

  /**
   * Opens a session for a device that comes and goes: it has no seat, and must be ended with {@link
   * #end}. Refuses as {@link #enter} does.
   */
  public Future<Session> visit(String key, String device, String address, Eviction eviction) {
    return presences
        .open(device, Transport.HTTP, address, eviction)
        .compose(session -> stillKnown(key, session))
        .onSuccess(witness::arrived)
        .onFailure(refused -> turnedAway(key, Transport.HTTP, address, refused));
  }

  /** A key may have been revoked after it was looked at and before there was a session to end. */
  private Future<Session> stillKnown(String key, Session session) {
    return registry
        .authenticate(key)
        .map(session)
        .onFailure(revoked -> presences.close(session, "revoked"));
  }

  /** Notes that a device was not let in, if the key is one's. */
  public void turnedAway(
      @Nullable String key, Transport transport, String address, Throwable refused) {
    if (key != null && refused instanceof Refusal refusal) {
      whose(key, refusal)
          .onSuccess(device -> witness.turnedAway(device, transport, address, refusal));
    }
  }

  /** A wrong key is looked up no second time, however many come. */
  private Future<String> whose(String key, Refusal refusal) {
    return refusal.kind() == Kind.UNAUTHENTICATED
        ? registry.formerHolder(key)
        : registry.holder(key).map(Device::id);
  }

  /**
   * Sees a guest out; its unanswered commands wait for its next session.
   *
   * @param cause one of presence's
   * @param detail what the connection's end was told along; may be empty
   */
  public void leave(Session session, String cause, String detail) {
    leaveSeat();
    end(session, cause, detail);
  }

  /** The same of a session without a seat. */
  public void end(Session session, String cause, String detail) {
    String why = draining ? "draining" : cause;
    commands.detach(session, why);
    presences.close(session, why);
    Presence now = presences.of(session.device());
    boolean its = now.session() == session.epoch();
    if (!its && now.state() != Presence.State.OFFLINE) {
      witness.replaced(session, now);
    } else {
      witness.left(session, its ? now.cause() : why, detail);
    }
  }

  /** A session that another has replaced has answered when it was told. */
  public void lives(Session displaced) {
    presences.lives(displaced);
  }

  /** Lets nobody in any more. */
  public void drain() {
    draining = true;
  }

  /** How many devices are inside, or about to be. */
  public int guests() {
    return guests.get();
  }

  /** What a device may say at once. */
  public Limits limits() {
    return limits;
  }

  /** What a device is told when its session begins. */
  public DeviceFrames.Welcome welcome(Session session, Twin twin) {
    return new DeviceFrames.Welcome(
        session.device(),
        session.epoch(),
        settings.heartbeatSeconds(),
        limits,
        settings.readingsPerSecond(),
        twin);
  }

  /** The settings of the gateway. */
  public GatewaySettings settings() {
    return settings;
  }

  /** How much a device may send. */
  public Allowance allowance() {
    return allowance;
  }

  /** Who tells the flight recorder. */
  public Witness witness() {
    return witness;
  }

  /** Who is here. */
  public Presences presences() {
    return presences;
  }

  /** Whether nobody is let in any more. */
  public boolean isDraining() {
    return draining;
  }

  /** The twins. */
  public Twins twins() {
    return twins;
  }

  /** The commands. */
  public Commands commands() {
    return commands;
  }
}

package io.signalbox.hub.gateway.http;

import io.signalbox.hub.command.Receipt;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.Kind;
import java.time.Duration;

/**
 * A stream of commands that is open: as good as a connection, so what it is given is leased to
 * nobody, and the session is over when the client goes away.
 *
 * <p>Threading: the home of its device.
 */
final class HeldStream extends Wheel.Held implements Stay {
  private static final int LONGEST_BEAT_SECONDS = 30;

  private final Pickup pickup;
  private final Session session;
  private final EventStream events;
  private final Receipt receipt;
  private boolean over;

  HeldStream(Pickup pickup, Session session, EventStream events, Receipt receipt) {
    this.receipt = receipt;
    this.pickup = pickup;
    this.session = session;
    this.events = events;
  }

  Session session() {
    return session;
  }

  /** Whether another request has taken its place, or its client has gone. */
  boolean isOver() {
    return over;
  }

  /** What is known of commands that the session was given before. */
  Receipt receipt() {
    return receipt;
  }

  EventStream events() {
    return events;
  }

  /** Is heard from now on, also when there is nothing to say. */
  void begin() {
    int seconds = pickup.heartbeatSeconds() / 2;
    Duration beat = Duration.ofSeconds(Math.clamp(seconds, 1, LONGEST_BEAT_SECONDS));
    pickup.home().wheel().add(this, beat);
  }

  @Override
  void timeUp() {
    events.beat();
    begin();
  }

  @Override
  public void giveWay() {
    end(new Refusal(Kind.CONFLICT, "another request of the device has taken its place"));
  }

  @Override
  public void end(Refusal why) {
    if (!over) {
      stop();
      events.end(why);
    }
  }

  /** The client is gone. */
  void stop() {
    if (!over) {
      over = true;
      pickup.home().wheel().remove(this);
      pickup.letGo(this);
    }
  }

  @Override
  void sendAway(int seconds) {
    end(new Refusal(Kind.UNAVAILABLE, "the hub is going down").retryIn(seconds));
  }
}

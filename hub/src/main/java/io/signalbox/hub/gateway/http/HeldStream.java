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
  private static final int LONGEST_ANSWER_SECONDS = 10;

  private final Pickup pickup;
  private final Session session;
  private final EventStream events;
  private final Receipt receipt;
  private final boolean asks;
  private int beats;
  private int heard;
  private boolean over;

  /**
   * A stream of the session.
   *
   * @param asks whether the device is asked for an answer, because its end would tell nothing
   */
  HeldStream(Pickup pickup, Session session, EventStream events, Receipt receipt, boolean asks) {
    this.receipt = receipt;
    this.asks = asks;
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
    heard = pickup.heard();
    hold();
  }

  private void hold() {
    pickup.home().wheel().add(this, Duration.ofSeconds(beatSeconds()));
  }

  private int beatSeconds() {
    return Math.clamp(pickup.heartbeatSeconds() / 2, 1, LONGEST_BEAT_SECONDS);
  }

  @Override
  void timeUp() {
    if (over) {
      pickup.giveUp(this);
    } else if (asks && isSilent()) {
      ask();
    } else {
      events.beat();
      hold();
    }
  }

  /** Whether the device has sent nothing else for two heartbeats. */
  private boolean isSilent() {
    beats++;
    if (hasSpoken()) {
      heard = pickup.heard();
      beats = 0;
    }
    return beats * beatSeconds() >= 2 * pickup.heartbeatSeconds();
  }

  /** Whether the device has made another request since. */
  boolean hasSpoken() {
    return heard != pickup.heard();
  }

  /** The device is to open its stream again; whether it does is its answer. */
  private void ask() {
    String silence = "nothing was heard of the device for " + 2 * pickup.heartbeatSeconds() + " s";
    end(new Refusal(Kind.TIMEOUT, silence + ": it is to open its stream again"));
    pickup.takeBack(this);
    pickup.home().wheel().add(this, Duration.ofSeconds(answerSeconds()));
  }

  private int answerSeconds() {
    return Math.min(pickup.heartbeatSeconds(), LONGEST_ANSWER_SECONDS);
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

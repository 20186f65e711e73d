package io.signalbox.hub.gateway.http;

import io.signalbox.hub.command.Receipt;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import java.time.Duration;

/**
 * A stream of commands that is open: as good as a connection, so what it is given is leased to
 * nobody, and the session is over when the client goes away.
 *
 * <p>Threading: the home of its device.
 */
final class CommandStream extends TimerWheel.Timeout implements HeldDeviceRequest {
  private static final int LONGEST_BEAT_SECONDS = 30;
  private static final int LONGEST_ANSWER_SECONDS = 10;

  private final CommandDelivery delivery;
  private final Session session;
  private final DeviceSseWriter events;
  private final Receipt receipt;
  private final boolean polls;
  private int beats;
  private int heard;
  private boolean over;

  /**
   * A stream of the session.
   *
   * @param polls whether the device is asked for an answer, because its end would tell nothing
   */
  CommandStream(
      CommandDelivery delivery,
      Session session,
      DeviceSseWriter events,
      Receipt receipt,
      boolean polls) {
    this.receipt = receipt;
    this.polls = polls;
    this.delivery = delivery;
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

  DeviceSseWriter events() {
    return events;
  }

  /** Is heard from now on, also when there is nothing to say. */
  void begin() {
    heard = delivery.requestCount();
    hold();
  }

  private void hold() {
    delivery.loop().timers().add(this, Duration.ofSeconds(beatSeconds()));
  }

  private int beatSeconds() {
    return Math.clamp(delivery.heartbeatSeconds() / 2, 1, LONGEST_BEAT_SECONDS);
  }

  @Override
  void timeUp() {
    if (over) {
      delivery.streamTimedOut(this);
    } else if (polls && isSilent()) {
      ask();
    } else {
      events.beat();
      hold();
    }
  }

  /** Whether the device has sent nothing else for two heartbeats. */
  private boolean isSilent() {
    beats++;
    if (hasSentRequest()) {
      heard = delivery.requestCount();
      beats = 0;
    }
    return beats * beatSeconds() >= 2 * delivery.heartbeatSeconds();
  }

  /** Whether the device has made another request since. */
  boolean hasSentRequest() {
    return heard != delivery.requestCount();
  }

  /** The device is to open its stream again; whether it does is its answer. */
  private void ask() {
    String silence =
        "nothing was heard of the device for " + 2 * delivery.heartbeatSeconds() + " s";
    end(new Refusal(ErrorCode.TIMEOUT, silence + ": it is to open its stream again"));
    delivery.detachStream(this);
    delivery.loop().timers().add(this, Duration.ofSeconds(answerSeconds()));
  }

  private int answerSeconds() {
    return Math.min(delivery.heartbeatSeconds(), LONGEST_ANSWER_SECONDS);
  }

  @Override
  public void displace() {
    end(new Refusal(ErrorCode.CONFLICT, "another request of the device has taken its place"));
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
      delivery.loop().timers().remove(this);
      delivery.released(this);
    }
  }

  @Override
  void drain(int seconds) {
    end(new Refusal(ErrorCode.UNAVAILABLE, "the hub is going down").retryIn(seconds));
  }
}

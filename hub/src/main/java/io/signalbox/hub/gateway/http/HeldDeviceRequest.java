package io.signalbox.hub.gateway.http;

import io.signalbox.hub.command.PollCommandSink;
import io.signalbox.hub.command.Receipt;
import io.signalbox.hub.fleet.Session;
import io.signalbox.hub.model.Command;
import io.signalbox.hub.model.Refusal;
import io.signalbox.hub.model.Refusal.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;

/**
 * Request that keeps an HTTP device connected: a held poll or a stream. A device has one at a time.
 *
 * <p>Threading: the device's home, but for {@link HeldCommandPoll#deliver}.
 */
abstract sealed class HeldDeviceRequest extends DeviceLoop.Timeout {
  final CommandDelivery delivery;
  final Session session;

  HeldDeviceRequest(CommandDelivery delivery, Session session) {
    this.delivery = delivery;
    this.session = session;
  }

  /** Replaces it by another request of the device. */
  abstract void displace();

  /** Ends it because the session has ended. */
  abstract void end(Refusal why);

  final void hold(Duration time) {
    delivery.loop().hold(this, time);
  }

  final void letGo() {
    delivery.loop().letGo(this);
  }

  /**
   * A poll that waits for commands. It ends once: with commands, or with none because its time is
   * up, its client is gone, or another poll of the device has come; or refused, because the session
   * is over. What it is given after that it gives back.
   */
  static final class HeldCommandPoll extends HeldDeviceRequest implements PollCommandSink {
    private final CommandPoll commandPoll;
    private final Promise<List<Command>> taken = Promise.promise();

    HeldCommandPoll(CommandDelivery delivery, Session session, CommandPoll commandPoll) {
      super(delivery, session);
      this.commandPoll = commandPoll;
    }

    /** Whether it is what was asked for so. */
    boolean isOf(CommandPoll other) {
      return commandPoll == other;
    }

    /** What it ends with. */
    Future<List<Command>> taken() {
      return taken.future();
    }

    @Override
    public void deliver(List<Command> commands) {
      delivery.loop().context().runOnContext(turn -> take(commands));
    }

    private void take(List<Command> commands) {
      letGo();
      if (!taken.tryComplete(commands)) {
        delivery.returnUndelivered(session, commands);
      }
    }

    @Override
    void timeUp() {
      displace();
    }

    /** What it is given in this very moment it gives back. */
    @Override
    void drain(int seconds) {
      taken.tryComplete(List.of());
      displace();
    }

    /** It may be given commands at this very moment: those are its answer, then. */
    @Override
    void displace() {
      letGo();
      delivery.release(session, this).onComplete(released -> taken.tryComplete(List.of()));
    }

    @Override
    void end(Refusal why) {
      letGo();
      taken.tryFail(why);
    }
  }

  /**
   * A stream of commands that is open: as good as a connection, so what it is given is leased to
   * nobody, and the session is over when the client goes away.
   */
  static final class CommandStream extends HeldDeviceRequest {
    private static final int LONGEST_BEAT_SECONDS = 30;
    private static final int LONGEST_ANSWER_SECONDS = 10;

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
      super(delivery, session);
      this.receipt = receipt;
      this.polls = polls;
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
      hold(Duration.ofSeconds(beatSeconds()));
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
      if (hasSpoken()) {
        heard = delivery.requestCount();
        beats = 0;
      }
      return beats * beatSeconds() >= 2 * delivery.heartbeatSeconds();
    }

    /** Whether the device has made another request since. */
    boolean hasSpoken() {
      return heard != delivery.requestCount();
    }

    /** The device is to open its stream again; whether it does is its answer. */
    private void ask() {
      String silence =
          "nothing was heard of the device for " + 2 * delivery.heartbeatSeconds() + " s";
      end(new Refusal(ErrorCode.TIMEOUT, silence + ": it is to open its stream again"));
      delivery.detachStream(this);
      hold(Duration.ofSeconds(answerSeconds()));
    }

    private int answerSeconds() {
      return Math.min(delivery.heartbeatSeconds(), LONGEST_ANSWER_SECONDS);
    }

    @Override
    void displace() {
      end(new Refusal(ErrorCode.CONFLICT, "another request of the device has taken its place"));
    }

    @Override
    void end(Refusal why) {
      if (!over) {
        stop();
        events.end(why);
      }
    }

    /** The client is gone. */
    void stop() {
      if (!over) {
        over = true;
        letGo();
        delivery.released(this);
      }
    }

    @Override
    void drain(int seconds) {
      end(new Refusal(ErrorCode.UNAVAILABLE, "the hub is going down").retryIn(seconds));
    }
  }
}

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
 * <p>Threading: the device's event loop, except {@link HeldCommandPoll#deliver}.
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
   * Held poll. It completes once: with commands; with none, because the wait is over, the client
   * has disconnected or the device has sent another poll; or with a refusal, because the session
   * has ended. Commands delivered later are returned to the queue.
   */
  static final class HeldCommandPoll extends HeldDeviceRequest implements PollCommandSink {
    private final CommandPoll commandPoll;
    private final Promise<List<Command>> taken = Promise.promise();

    HeldCommandPoll(CommandDelivery delivery, Session session, CommandPoll commandPoll) {
      super(delivery, session);
      this.commandPoll = commandPoll;
    }

    /** Whether it belongs to that request. */
    boolean isOf(CommandPoll other) {
      return commandPoll == other;
    }

    /** The commands of the response. */
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

    /** Commands delivered at the same time are returned to the queue. */
    @Override
    void drain(int seconds) {
      taken.tryComplete(List.of());
      displace();
    }

    /** Commands delivered at the same time become the response. */
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
   * Open event stream of commands. It counts as a connection: its commands have no lease, and the
   * session ends when the client disconnects.
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
     * Creates a stream of the session.
     *
     * @param polls whether a silent device is asked to reopen the stream, because the platform does
     *     not detect a vanished peer
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

    /** Whether it was replaced, or the client has disconnected. */
    boolean isOver() {
      return over;
    }

    /** The confirmation of commands that the session received earlier. */
    Receipt receipt() {
      return receipt;
    }

    DeviceSseWriter events() {
      return events;
    }

    /** Starts the heartbeats. */
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

    /** Asks the device to reopen the stream; doing so proves that it is alive. */
    private void ask() {
      String silence = "no request from the device for " + 2 * delivery.heartbeatSeconds() + " s";
      end(new Refusal(ErrorCode.TIMEOUT, silence + "; open the stream again"));
      delivery.detachStream(this);
      hold(Duration.ofSeconds(answerSeconds()));
    }

    private int answerSeconds() {
      return Math.min(delivery.heartbeatSeconds(), LONGEST_ANSWER_SECONDS);
    }

    @Override
    void displace() {
      end(new Refusal(ErrorCode.CONFLICT, "replaced by another request of the device"));
    }

    @Override
    void end(Refusal why) {
      if (!over) {
        stop();
        events.end(why);
      }
    }

    /** The client has disconnected. */
    void stop() {
      if (!over) {
        over = true;
        letGo();
        delivery.released(this);
      }
    }

    @Override
    void drain(int seconds) {
      end(new Refusal(ErrorCode.UNAVAILABLE, "the hub is shutting down").retryIn(seconds));
    }
  }
}

package io.signalbox.sim.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.link.HubFrame;
import io.signalbox.sim.link.LinkEvent;
import java.time.Duration;
import java.util.function.Consumer;

/** Tells a link's listener what happens, until the link has ended or is closed. */
final class LinkNotifier {
  private static final int KEY_REVOKED = 4401;
  private static final int REPLACED = 4409;
  private static final int POLICY = 1008;

  /** Not much is to be heard where the hub is only asked: a word for the welcome. */
  private static final int HEARTBEAT_SECONDS = 30;

  private final Runnable answered;
  private final ReceivedCommands received = new ReceivedCommands();
  private Consumer<LinkEvent> listener;
  private boolean welcomed;
  private boolean over;

  /**
   * A teller.
   *
   * @param answered is run once, when the link's call has been answered or was in vain
   */
  LinkNotifier(Consumer<LinkEvent> listener, Runnable answered) {
    this.listener = listener;
    this.answered = answered;
  }

  /** Whether nobody listens any more. */
  boolean isOver() {
    return over;
  }

  boolean isWelcomed() {
    return welcomed;
  }

  /** The commands that have come and are not answered. */
  ReceivedCommands received() {
    return received;
  }

  void tell(HubFrame frame) {
    switch (frame) {
      case HubFrame.Command command -> received.add(command);
      case HubFrame.Heard heard -> received.answered(heard.id());
      default -> {}
    }
    listener.accept(new LinkEvent.Received(frame));
  }

  void turned() {
    listener.accept(new LinkEvent.StateChanged());
  }

  /** The hub has answered for the first time. */
  void welcome(JsonNode desired) {
    welcome(new HubFrame.Welcome("", "", HEARTBEAT_SECONDS, 0, desired));
  }

  void welcome(HubFrame.Welcome welcome) {
    welcomed = true;
    answered.run();
    tell(welcome);
  }

  /** The network or the hub broke off. */
  void broken(Throwable fault) {
    String why = String.valueOf(fault.getMessage());
    end(
        welcomed
            ? new LinkEvent.Closed(LinkEvent.Closed.NO_GOODBYE, why)
            : LinkEvent.NotOpened.unanswered(fault));
  }

  /** The hub turns the device away, and asking again would not help. */
  void refused(HttpReply reply) {
    end(
        welcomed
            ? new LinkEvent.Closed(code(reply), reply.detail())
            : new LinkEvent.NotOpened(
                reply.status(), true, reply.detail(), Duration.ofMillis(reply.retryAfterMillis())));
  }

  private static int code(HttpReply reply) {
    return switch (reply.status()) {
      case 401 -> KEY_REVOKED;
      case 409 -> REPLACED;
      default -> POLICY;
    };
  }

  /** Tells the end, once. */
  void end(LinkEvent last) {
    Consumer<LinkEvent> notified = listener;
    hush();
    notified.accept(last);
  }

  /** Tells nothing more. */
  void hush() {
    listener = nobody -> {};
    if (!over && !welcomed) {
      answered.run();
    }
    over = true;
  }
}

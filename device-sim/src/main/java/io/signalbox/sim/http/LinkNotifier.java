package io.signalbox.sim.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.sim.link.HubFrame;
import io.signalbox.sim.link.LinkEvent;
import java.time.Duration;
import java.util.function.Consumer;

/** Reports events to a link's listener until the link has ended or is closed. */
final class LinkNotifier {
  private static final int KEY_REVOKED = 4401;
  private static final int REPLACED = 4409;
  private static final int POLICY = 1008;

  /** Heartbeat of the synthetic welcome; a polling link has none of its own. */
  private static final int HEARTBEAT_SECONDS = 30;

  private final Runnable answered;
  private final ReceivedCommands received = new ReceivedCommands();
  private Consumer<LinkEvent> listener;
  private boolean welcomed;
  private boolean over;

  /**
   * Creates a notifier.
   *
   * @param answered run once, when the connection attempt has succeeded or failed
   */
  LinkNotifier(Consumer<LinkEvent> listener, Runnable answered) {
    this.listener = listener;
    this.answered = answered;
  }

  /** Whether the link has ended. */
  boolean isOver() {
    return over;
  }

  boolean isWelcomed() {
    return welcomed;
  }

  /** The received commands that are not answered. */
  ReceivedCommands received() {
    return received;
  }

  void emit(HubFrame frame) {
    switch (frame) {
      case HubFrame.Command command -> received.add(command);
      case HubFrame.ResultConfirmed confirmed -> received.answered(confirmed.id());
      default -> {}
    }
    listener.accept(new LinkEvent.Received(frame));
  }

  void turned() {
    listener.accept(new LinkEvent.StateChanged());
  }

  /** Reports the first response of the hub. */
  void welcome(JsonNode desired) {
    welcome(new HubFrame.Welcome("", "", HEARTBEAT_SECONDS, 0, desired));
  }

  void welcome(HubFrame.Welcome welcome) {
    welcomed = true;
    answered.run();
    emit(welcome);
  }

  /** Reports a failed connection. */
  void broken(Throwable fault) {
    String why = String.valueOf(fault.getMessage());
    end(
        welcomed
            ? new LinkEvent.Closed(LinkEvent.Closed.NO_CLOSE_FRAME, why)
            : LinkEvent.NotOpened.unanswered(fault));
  }

  /** Reports a permanent rejection by the hub. */
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

  /** Reports the end, once. */
  void end(LinkEvent last) {
    Consumer<LinkEvent> notified = listener;
    hush();
    notified.accept(last);
  }

  /** Suppresses all further events. */
  void hush() {
    listener = nobody -> {};
    if (!over && !welcomed) {
      answered.run();
    }
    over = true;
  }
}

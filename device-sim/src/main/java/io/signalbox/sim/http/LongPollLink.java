package io.signalbox.sim.http;

import io.signalbox.sim.link.Backoff;
import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.link.TransportKind;
import java.util.function.Consumer;

/** Link of a device that always has one long poll open and sends on a second connection. */
public final class LongPollLink extends ConnectedLink {
  /** An empty response this much before the hold time is followed by a pause. */
  private static final long EARLY_MILLIS = 500;

  private final CommandFetcher call;
  private final TwinPoller twin;
  private final Backoff backoff = new Backoff(1_000, 30_000);
  private final long holdSeconds;
  private long askedAt;
  private long resumesAt = Long.MAX_VALUE;

  private LongPollLink(HttpConnector connector, String key, Consumer<LinkEvent> listener) {
    super(connector, key, listener, TransportKind.LONGPOLL);
    this.call = new CommandFetcher(connector, down, notifier, counts);
    this.twin = new TwinPoller(connector, down, notifier);
    this.holdSeconds = connector.options().holdSeconds();
  }

  /** Opens the link with the device's key and reports events to {@code listener}. */
  public static LongPollLink open(
      HttpConnector connector, String key, Consumer<LinkEvent> listener) {
    LongPollLink link = new LongPollLink(connector, key, listener);
    connector.context().inFlight().started();
    link.look();
    return link;
  }

  private void look() {
    twin.look().onSuccess(seen -> ask()).onFailure(this::broken);
  }

  private void ask() {
    if (notifier.isOver()) {
      return;
    }
    resumesAt = Long.MAX_VALUE;
    askedAt = connector.now();
    call.ask(holdSeconds).onSuccess(this::caught).onFailure(this::broken);
    // The next due time is now the response's timeout.
    notifier.turned();
  }

  private void caught(CommandFetcher.Fetched caught) {
    HttpReply reply = caught.reply();
    if (reply.isRetryable()) {
      pause(reply.retryAfterMillis() + backoff.next(connector.context().random()));
    } else if (!reply.isGood()) {
      refused(reply);
    } else if (caught.commands() == 0 && isEarly()) {
      backoff.reset();
      pause(Math.max(1, reply.retryAfterMillis()));
    } else {
      backoff.reset();
      goOn();
    }
  }

  /** The hub answers polls early when it is about to shut down. */
  private boolean isEarly() {
    return connector.now() - askedAt < holdSeconds * 1000 - EARLY_MILLIS;
  }

  private void goOn() {
    if (twin.isDue(connector.now())) {
      look();
    } else {
      ask();
    }
  }

  private void pause(long millis) {
    resumesAt = connector.now() + millis;
    notifier.turned();
  }

  @Override
  boolean actOnReceiving(long now) {
    if (now >= resumesAt) {
      goOn();
    }
    return true;
  }

  @Override
  long receivingDueAt() {
    return resumesAt;
  }
}

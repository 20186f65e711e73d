package io.signalbox.sim.http;

import io.signalbox.sim.link.Backoff;
import io.signalbox.sim.link.DeviceFrame;
import io.signalbox.sim.link.Link;
import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.link.TrafficMetrics;
import io.signalbox.sim.link.TransportKind;
import java.util.function.Consumer;

/** Link of a device that always has one long poll open and sends on a second connection. */
public final class LongPollLink implements Link {
  /** An empty response this much before the hold time is followed by a pause. */
  private static final long EARLY_MILLIS = 500;

  private final HttpConnector connector;
  private final LinkNotifier notifier;
  private final HttpConnection held;
  private final HttpConnection upWire;
  private final Uplink up;
  private final CommandFetcher call;
  private final TwinPoller twin;
  private final Backoff backoff = new Backoff(1_000, 30_000);
  private final long holdSeconds;
  private long askedAt;
  private long resumesAt = Long.MAX_VALUE;

  private LongPollLink(HttpConnector connector, String key, Consumer<LinkEvent> listener) {
    this.connector = connector;
    TrafficMetrics.Counts counts = connector.context().counts(TransportKind.LONGPOLL);
    this.notifier = new LinkNotifier(listener, connector.context().inFlight()::answered);
    this.held = new HttpConnection(connector, key, counts);
    this.upWire = new HttpConnection(connector, key, counts);
    this.up = new Uplink(connector, upWire, notifier, () -> {});
    this.call = new CommandFetcher(connector, held, notifier, counts);
    this.twin = new TwinPoller(connector, held, notifier);
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

  private void broken(Throwable fault) {
    closeWires();
    notifier.broken(fault);
  }

  private void refused(HttpReply reply) {
    closeWires();
    notifier.refused(reply);
  }

  @Override
  public void send(DeviceFrame frame) {
    up.put(frame);
    up.pump();
  }

  @Override
  public boolean isFull() {
    return up.isFull();
  }

  @Override
  public boolean isAwake() {
    return true;
  }

  @Override
  public boolean confirmsResults() {
    return true;
  }

  @Override
  public void act(long now) {
    held.act(now);
    upWire.act(now);
    if (now >= resumesAt) {
      goOn();
    }
    if (now >= up.dueAt()) {
      up.pump();
    }
  }

  @Override
  public long dueAt() {
    return Math.min(Math.min(held.dueAt(), upWire.dueAt()), Math.min(resumesAt, up.dueAt()));
  }

  @Override
  public void nudge(long now) {
    // It never sleeps.
  }

  @Override
  public void hurry(long now) {
    // It never sleeps.
  }

  @Override
  public void close() {
    notifier.hush();
    closeWires();
  }

  private void closeWires() {
    held.close();
    upWire.close();
  }

  @Override
  public void cut() {
    close();
  }
}

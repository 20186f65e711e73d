package io.signalbox.sim.http;

import io.signalbox.sim.link.DeviceFrame;
import io.signalbox.sim.link.Link;
import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.link.TrafficMetrics;
import io.signalbox.sim.link.TransportKind;
import java.util.function.Consumer;

/**
 * Link of a device that sleeps and polls at an interval. At each contact it uploads what has
 * accumulated, polls for commands, sends immediate results, and sleeps until the time the hub plans
 * or its own interval.
 */
public final class ShortPollLink implements Link {
  private final HttpConnector connector;
  private final LinkNotifier notifier;
  private final HttpConnection connection;
  private final TrafficMetrics.Counts counts;
  private final Uplink up;
  private final CommandFetcher call;
  private final TwinPoller twin;
  private final SleepTimer sleep;
  private boolean asks;
  private long planned;
  private boolean troubled;
  private boolean gathering;

  private ShortPollLink(HttpConnector connector, String key, Consumer<LinkEvent> listener) {
    this.connector = connector;
    this.counts = connector.context().counts(TransportKind.POLL);
    this.notifier = new LinkNotifier(listener, connector.context().inFlight()::answered);
    this.connection = new HttpConnection(connector, key, counts);
    this.up = new Uplink(connector, connection, notifier, this::onward);
    this.call = new CommandFetcher(connector, connection, notifier, counts);
    this.twin = new TwinPoller(connector, connection, notifier);
    this.sleep = new SleepTimer(connector);
  }

  /** Opens the link with the device's key and reports events to {@code listener}. */
  public static ShortPollLink open(
      HttpConnector connector, String key, Consumer<LinkEvent> listener) {
    ShortPollLink link = new ShortPollLink(connector, key, listener);
    connector.context().inFlight().started();
    link.counts.wakeUps.increment();
    link.asks = true;
    link.twin.look().onSuccess(welcomed -> link.up.pump()).onFailure(link.notifier::broken);
    return link;
  }

  private void contactHub() {
    sleep.wake();
    asks = true;
    troubled = false;
    counts.wakeUps.increment();
    gathering = true;
    notifier.turned();
    gathering = false;
    up.pump();
  }

  /** The connection is idle and nothing waits for upload. */
  private void onward() {
    if (asks) {
      asks = false;
      call.ask(0).onSuccess(this::caught).onFailure(notifier::broken);
    } else if (!troubled && twin.isDue(connector.now())) {
      twin.look().onSuccess(seen -> up.pump()).onFailure(notifier::broken);
    } else if (!sleep.isAsleep()) {
      sleep();
    }
  }

  private void caught(CommandFetcher.Fetched caught) {
    HttpReply reply = caught.reply();
    planned = reply.pollMillis();
    asks = caught.isFull();
    troubled = reply.isRetryable();
    if (reply.isGood() || troubled) {
      up.pump();
    } else {
      notifier.refused(reply);
    }
  }

  private void sleep() {
    if (troubled) {
      sleep.sleepAfterTrouble(planned);
    } else {
      sleep.sleep(planned);
    }
    notifier.turned();
  }

  @Override
  public void send(DeviceFrame frame) {
    up.put(frame);
    if (!gathering) {
      up.pump();
    }
  }

  @Override
  public boolean isFull() {
    return sleep.isAsleep() || up.isFull();
  }

  @Override
  public boolean isAwake() {
    return !sleep.isAsleep();
  }

  @Override
  public boolean confirmsResults() {
    return true;
  }

  @Override
  public void act(long now) {
    connection.act(now);
    if (now >= sleep.wakesAt()) {
      contactHub();
    }
  }

  @Override
  public long dueAt() {
    return Math.min(connection.dueAt(), sleep.wakesAt());
  }

  @Override
  public void nudge(long now) {
    sleep.nudge(now);
  }

  @Override
  public void hurry(long now) {
    sleep.hurry(now);
  }

  @Override
  public void close() {
    notifier.hush();
    connection.close();
  }

  @Override
  public void cut() {
    close();
  }
}

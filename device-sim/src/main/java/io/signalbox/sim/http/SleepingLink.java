package io.signalbox.sim.http;

import io.signalbox.sim.link.Link;
import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.link.TrafficMetrics;
import io.signalbox.sim.link.TransportKind;
import java.util.function.Consumer;

/**
 * Link of a device that sleeps between its contacts with the hub, on one connection: what all
 * polling links have in common. A subclass says what a contact consists of.
 */
abstract sealed class SleepingLink implements Link permits ShortPollLink, AdaptiveLink {
  final HttpConnector connector;
  final LinkNotifier notifier;
  final HttpConnection connection;
  final TrafficMetrics.Counts counts;
  final SleepTimer sleep;

  SleepingLink(
      HttpConnector connector, String key, Consumer<LinkEvent> listener, TransportKind transport) {
    this.connector = connector;
    this.counts = connector.context().counts(transport);
    this.notifier = new LinkNotifier(listener, connector.context().inFlight()::answered);
    this.connection = new HttpConnection(connector, key, counts);
    this.sleep = new SleepTimer(connector);
  }

  /** Counts the first contact, which opens the link. */
  final void started() {
    connector.context().inFlight().started();
    counts.wakeUps.increment();
  }

  /** Begins a contact: the link is awake from now on. */
  abstract void contactHub();

  @Override
  public final boolean isAwake() {
    return !sleep.isAsleep();
  }

  @Override
  public final boolean confirmsResults() {
    return true;
  }

  @Override
  public final void act(long now) {
    connection.act(now);
    if (now >= sleep.wakesAt()) {
      contactHub();
    }
  }

  @Override
  public final long dueAt() {
    return Math.min(connection.dueAt(), sleep.wakesAt());
  }

  @Override
  public final void nudge(long now) {
    sleep.nudge(now);
  }

  @Override
  public final void hurry(long now) {
    sleep.hurry(now);
  }

  @Override
  public final void close() {
    notifier.hush();
    connection.close();
  }

  @Override
  public final void cut() {
    close();
  }
}

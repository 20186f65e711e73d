package io.signalbox.sim.http;

import io.signalbox.sim.link.DeviceFrame;
import io.signalbox.sim.link.Link;
import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.link.TrafficMetrics;
import io.signalbox.sim.link.TransportKind;
import java.util.function.Consumer;

/**
 * Link of a device that always receives on one HTTP connection and sends by POST on a second one:
 * what event streams and long polls have in common. It never sleeps.
 */
abstract sealed class ConnectedLink implements Link permits SseLink, LongPollLink {
  final HttpConnector connector;
  final LinkNotifier notifier;
  final TrafficMetrics.Counts counts;

  /** The connection on which commands come. */
  final HttpConnection down;

  private final HttpConnection sending;
  private final Uplink up;

  ConnectedLink(
      HttpConnector connector, String key, Consumer<LinkEvent> listener, TransportKind transport) {
    this.connector = connector;
    this.counts = connector.context().counts(transport);
    this.notifier = new LinkNotifier(listener, connector.context().inFlight()::answered);
    this.down = new HttpConnection(connector, key, counts);
    this.sending = new HttpConnection(connector, key, counts);
    this.up = new Uplink(connector, sending, notifier, () -> {});
  }

  /** Performs due work of the receiving side; false if the link has ended. */
  abstract boolean actOnReceiving(long now);

  /** Time of the receiving side's next work, its connection aside. */
  abstract long receivingDueAt();

  final void broken(Throwable fault) {
    closeConnections();
    notifier.broken(fault);
  }

  final void refused(HttpReply reply) {
    closeConnections();
    notifier.refused(reply);
  }

  final void closeConnections() {
    down.close();
    sending.close();
  }

  @Override
  public final void send(DeviceFrame frame) {
    up.put(frame);
    up.pump();
  }

  @Override
  public final boolean isFull() {
    return up.isFull();
  }

  @Override
  public final boolean isAwake() {
    return true;
  }

  @Override
  public final boolean confirmsResults() {
    return true;
  }

  @Override
  public final void act(long now) {
    down.act(now);
    sending.act(now);
    if (actOnReceiving(now) && now >= up.dueAt()) {
      up.pump();
    }
  }

  @Override
  public final long dueAt() {
    return Math.min(
        Math.min(down.dueAt(), sending.dueAt()), Math.min(receivingDueAt(), up.dueAt()));
  }

  @Override
  public final void nudge(long now) {
    // It never sleeps.
  }

  @Override
  public final void hurry(long now) {
    // It never sleeps.
  }

  @Override
  public final void close() {
    notifier.hush();
    closeConnections();
  }

  @Override
  public final void cut() {
    close();
  }
}

package io.signalbox.sim.device;

import io.signalbox.sim.link.Link;
import io.signalbox.sim.link.LinkEvent;
import io.signalbox.sim.link.TransportKind;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Probe of a better transport while the current session continues. Events of its link go to the
 * probe's listener and, once the probe has succeeded, to the connection's.
 */
final class TransportProbe {
  private final TransportKind transport;
  private final long deadline;
  private Consumer<LinkEvent> listener;
  private @Nullable Link link;

  /** Creates a probe that times out at {@code deadline}, milliseconds of the event loop's clock. */
  TransportProbe(TransportKind transport, long deadline, Consumer<LinkEvent> listener) {
    this.transport = transport;
    this.deadline = deadline;
    this.listener = listener;
  }

  void start(Function<Consumer<LinkEvent>, Link> open) {
    link = open.apply(event -> listener.accept(event));
  }

  TransportKind transport() {
    return transport;
  }

  void act(long now) {
    if (now >= deadline) {
      cancel();
      listener.accept(new LinkEvent.NotOpened(0, true, "no welcome in time", Duration.ZERO));
    } else if (link != null) {
      link.act(now);
    }
  }

  long dueAt() {
    return link == null ? deadline : Math.min(deadline, link.dueAt());
  }

  /** Hands its link over to the connection, welcomed or not. */
  ConnectionState.Connecting result(Consumer<LinkEvent> newListener) {
    listener = newListener;
    if (link == null) {
      throw new IllegalStateException("the probe has not started");
    }
    return new ConnectionState.Connecting(link, transport, deadline);
  }

  void cancel() {
    if (link != null) {
      link.cut();
    }
  }
}

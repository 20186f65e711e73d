package io.signalbox.hub.websocket;

import io.signalbox.hub.http.netty.ConnectionErrorMetrics;
import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The WebSocket connections of one endpoint on one event loop, with their clock and heartbeat. One
 * timer serves all: every second it checks a slice of the connections, so that each is checked
 * twice per heartbeat. A connection that was silent for one heartbeat is pinged, after two it is
 * closed.
 *
 * <p>Threading: the event loop only.
 */
public final class WebSocketLoop {
  private static final long TICK_MILLIS = 1_000;

  private final ContextInternal context;
  private final WebSocketSettings settings;
  private final ConnectionErrorMetrics faults;
  private final List<WebSocketConnection> sockets = new ArrayList<>();
  private final long timer;
  private int seconds;
  private int next;

  /**
   * Creates the group for the event loop of the context.
   *
   * @param faults counts connections that end because their peer does not acknowledge
   */
  public WebSocketLoop(Context context, WebSocketSettings settings, ConnectionErrorMetrics faults) {
    this.context = (ContextInternal) context;
    this.settings = settings;
    this.faults = faults;
    this.timer = context.owner().setPeriodic(TICK_MILLIS, id -> tick());
  }

  /** The Vert.x context in which listeners are called. */
  public ContextInternal context() {
    return context;
  }

  /** Settings of all connections. */
  public WebSocketSettings settings() {
    return settings;
  }

  /** Counters of connections that end without a close frame. */
  ConnectionErrorMetrics faults() {
    return faults;
  }

  /** Number of open connections. */
  public int size() {
    return sockets.size();
  }

  /** Closes every connection, each with a new reason, and stops the timer. */
  public void close(int code, Supplier<String> reason) {
    context.owner().cancelTimer(timer);
    List.copyOf(sockets).forEach(socket -> socket.close(code, reason.get()));
  }

  /** Seconds since the start of this loop, by its own ticks. */
  int seconds() {
    return seconds;
  }

  void add(WebSocketConnection socket) {
    socket.slot = sockets.size();
    sockets.add(socket);
  }

  void remove(WebSocketConnection socket) {
    int slot = socket.slot;
    if (slot < 0) {
      return;
    }
    WebSocketConnection last = sockets.removeLast();
    if (last != socket) {
      sockets.set(slot, last);
      last.slot = slot;
    }
    socket.slot = -1;
  }

  private void tick() {
    seconds++;
    int checks = Math.min(sockets.size(), 2 * sockets.size() / settings.heartbeatSeconds() + 1);
    for (int i = 0; i < checks && !sockets.isEmpty(); i++) {
      next = next <= 0 || next > sockets.size() ? sockets.size() : next;
      sockets.get(--next).checkHeartbeat(settings.heartbeatSeconds());
    }
  }
}

package io.signalbox.sim.link;

import java.util.Locale;

/** Transport between device and hub. */
public enum TransportKind {
  /** WebSocket in both directions. */
  WEBSOCKET,
  /** Server-sent events from the hub, POST to the hub. */
  SSE,
  /** A request held until there is a command; POST to the hub. */
  LONGPOLL,
  /** One exchange at each time the hub plans. */
  ADAPTIVE,
  /** Polls at an interval and sleeps in between. */
  POLL;

  /** The name on the command line and in the report. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

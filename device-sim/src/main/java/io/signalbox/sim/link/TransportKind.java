package io.signalbox.sim.link;

import java.util.Locale;

/** A way to be linked with the hub. */
public enum TransportKind {
  /** A WebSocket, both ways. */
  WEBSOCKET,
  /** Server-sent events down, POST up. */
  SSE,
  /** A request that is held until there is a command; POST up. */
  LONGPOLL,
  /** One exchange each time that the hub has planned. */
  ADAPTIVE,
  /** Asked for commands from time to time, and asleep between. */
  POLL;

  /** As it is written on the command line and in the report. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

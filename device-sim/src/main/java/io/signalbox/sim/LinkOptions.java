package io.signalbox.sim;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Command line options for the transport between devices and hub. */
final class LinkOptions {

  @Option(
      names = "--transport",
      paramLabel = "NAME",
      defaultValue = "websocket",
      description =
          "websocket; sse: server-sent events and POST; longpoll; poll: short polls at an interval;"
              + " adaptive: one exchange at each time the hub plans; auto: the first of websocket,"
              + " sse and longpoll that works on the network"
              + " (default: ${DEFAULT-VALUE}).")
  Transport transport = Transport.WEBSOCKET;

  @Option(
      names = "--poll-interval",
      paramLabel = "SPAN",
      description =
          "poll: time between two polls, such as 500ms, 30s or 5m (default: the hub's plan)."
              + " longpoll: how long the hub may hold a poll, up to 60s (default: 30s).")
  @Nullable String pollInterval;

  @Option(
      names = "--power",
      paramLabel = "LIST",
      description =
          "Power profile of the devices: min=1s,max=5m,cost=2,battery=71,window=22:00-06:30."
              + " min, max: bounds of the time between two contacts; they take precedence over the"
              + " hub's plan. The rest is sent in exchanges. cost: how many seconds of command"
              + " latency one contact is worth; battery: charge in percent; window: time of day"
              + " (UTC) at which devices are reachable.")
  @Nullable String power;

  @Option(names = "--gzip", description = "Compress HTTP request bodies of 512 bytes and more.")
  boolean gzip;

  @Option(
      names = "--upgrade-after",
      paramLabel = "SPAN",
      description =
          "auto: time until a better transport is tried again; doubled after each failed try"
              + " (default: 2m).")
  @Nullable String betterAfter;

  /** The values of --transport. */
  enum Transport {
    WEBSOCKET,
    SSE,
    LONGPOLL,
    POLL,
    ADAPTIVE,
    AUTO
  }
}

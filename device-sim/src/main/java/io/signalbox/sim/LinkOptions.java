package io.signalbox.sim;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The part of the command line that is about the ways between devices and the hub. */
final class LinkOptions {

  @Option(
      names = "--transport",
      paramLabel = "NAME",
      defaultValue = "websocket",
      description =
          "websocket; sse: server-sent events, and POST; longpoll; poll: asks from time to time;"
              + " adaptive: an exchange whenever the hub has planned one; auto: the best of"
              + " websocket, sse and longpoll that the network lets through"
              + " (default: ${DEFAULT-VALUE}).")
  Transport transport = Transport.WEBSOCKET;

  @Option(
      names = "--poll-interval",
      paramLabel = "SPAN",
      description =
          "poll: time between two polls, such as 500ms, 30s or 5m (default: as the hub says)."
              + " longpoll: how long the hub may hold one, up to 60s (default: 30s).")
  @Nullable String pollInterval;

  @Option(
      names = "--power",
      paramLabel = "LIST",
      description =
          "What devices say of their power: min=1s,max=5m,cost=2,battery=71,window=22:00-06:30."
              + " min and max are the bounds between two contacts, which poll and adaptive keep"
              + " whatever the hub says; the rest is told in exchanges: what a contact is worth in"
              + " seconds of a command's waiting, the charge in percent, the times of day (UTC)"
              + " at which devices can be reached.")
  @Nullable String power;

  @Option(
      names = "--gzip",
      description = "Compress readings that are sent by HTTP, where it is worth it.")
  boolean gzip;

  @Option(
      names = "--better-after",
      paramLabel = "SPAN",
      description =
          "auto: how long a lesser way is good before a better one is tried again, doubled each"
              + " time that was in vain (default: 2m).")
  @Nullable String betterAfter;

  /** The transports there are. */
  enum Transport {
    WEBSOCKET,
    SSE,
    LONGPOLL,
    POLL,
    ADAPTIVE,
    AUTO
  }
}

package io.signalbox.hub.wire;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Formats of well-known agents, which a request names. */
public enum AgentFormat {
  /** JSON of Telegraf's {@code outputs.http}: a metric, or a batch of them. */
  TELEGRAF,
  /** collectd's {@code write_http}: JSON, or its commands as plain text. */
  COLLECTD,
  /** What Tasmota sends as {@code tele/…/SENSOR} and {@code STATE}. */
  TASMOTA,
  /** Uplink messages of The Things Stack. */
  THE_THINGS_STACK;

  /** As requests name it. */
  public String symbol() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The format of that name; null if there is none. */
  public static @Nullable AgentFormat of(String symbol) {
    for (AgentFormat format : values()) {
      if (format.symbol().equals(symbol)) {
        return format;
      }
    }
    return null;
  }
}

package io.signalbox.hub.wire;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Payload formats of common agents, selected by the query parameter {@code format}. */
public enum AgentFormat {
  /** JSON of Telegraf's {@code outputs.http}: one metric or a batch of metrics. */
  TELEGRAF,
  /** collectd's {@code write_http}: JSON, or PUTVAL commands as plain text. */
  COLLECTD,
  /** Tasmota's {@code tele/…/SENSOR} and {@code STATE} messages. */
  TASMOTA,
  /** Uplink messages of The Things Stack. */
  THE_THINGS_STACK;

  /** The format's name in requests. */
  public String symbol() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The format with this name; null if unknown. */
  public static @Nullable AgentFormat of(String symbol) {
    for (AgentFormat format : values()) {
      if (format.symbol().equals(symbol)) {
        return format;
      }
    }
    return null;
  }
}

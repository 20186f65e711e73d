package io.signalbox.hub.wire;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * How the names of metrics are made of what agents send: as Graphite's tagged series, {@code
 * cpu.usage_idle;cpu=cpu0;host=b}. A source that is the device itself is left out; another one is a
 * tag, so that readings of two sources never become one series.
 */
final class AgentNames {
  private AgentNames() {}

  /** A series with tags, in the order of their names. */
  static String tagged(String series, SortedMap<String, String> tags) {
    StringBuilder name = new StringBuilder(series);
    tags.forEach((tag, value) -> name.append(';').append(tag).append('=').append(value));
    return name.toString();
  }

  /** A series of a source, which is the device or is told by the tag. */
  static String of(String series, String tag, @Nullable String source, String device) {
    return source == null || isDevice(source, device) ? series : series + ';' + tag + '=' + source;
  }

  /** Whether a host is the device: by its id, whatever the case, with a domain or without. */
  static boolean isDevice(String host, String device) {
    return host.equalsIgnoreCase(device)
        || (host.length() > device.length()
            && host.charAt(device.length()) == '.'
            && host.regionMatches(true, 0, device, 0, device.length()));
  }
}

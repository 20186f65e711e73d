package io.signalbox.hub.wire;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Metric names for agent data, in the form of Graphite's tagged series: {@code
 * cpu.usage_idle;cpu=cpu0;host=b}. A source that is the device itself is omitted; any other source
 * becomes a tag, so that readings of two sources never share a series.
 */
final class AgentNames {
  private AgentNames() {}

  /** The series name followed by its tags, sorted by tag name. */
  static String tagged(String series, SortedMap<String, String> tags) {
    StringBuilder name = new StringBuilder(series);
    tags.forEach((tag, value) -> name.append(';').append(tag).append('=').append(value));
    return name.toString();
  }

  /** The series name, with the source as a tag unless the source is the device. */
  static String of(String series, String tag, @Nullable String source, String device) {
    return source == null || isDevice(source, device) ? series : series + ';' + tag + '=' + source;
  }

  /** Whether a host name is the device's id, ignoring case and a domain suffix. */
  static boolean isDevice(String host, String device) {
    return host.equalsIgnoreCase(device)
        || (host.length() > device.length()
            && host.charAt(device.length()) == '.'
            && host.regionMatches(true, 0, device, 0, device.length()));
  }
}

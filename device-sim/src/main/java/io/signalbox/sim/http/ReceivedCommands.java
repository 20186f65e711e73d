package io.signalbox.sim.http;

import io.signalbox.sim.link.HubFrame;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The commands that a link has brought and that the hub has no answer to yet: a device names them
 * when it asks for more, and what it does not name comes again.
 *
 * <p>Threading: the link's loop.
 */
final class ReceivedCommands {
  /** As many are named at a time; what is not named comes again, which does no harm. */
  private static final int MOST = 100;

  private final Map<String, Long> expiries = new LinkedHashMap<>(0);

  void add(HubFrame.Command command) {
    expiries.put(command.id(), command.expires());
  }

  /** The hub has an answer to it. */
  void answered(String id) {
    expiries.remove(id);
  }

  /** The ids, oldest first. */
  List<String> ids(long now) {
    expiries.values().removeIf(expires -> expires <= now);
    return expiries.keySet().stream().limit(MOST).toList();
  }
}

package io.signalbox.sim.http;

import io.signalbox.sim.link.HubFrame;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Received commands without a confirmed result. The device lists their ids in the next poll; the
 * hub redelivers those not listed.
 *
 * <p>Threading: confined to the link's event loop.
 */
final class ReceivedCommands {
  /** Maximum number of listed ids; redelivery of the others is harmless. */
  private static final int MOST = 100;

  private final Map<String, Long> expiries = new LinkedHashMap<>(0);

  void add(HubFrame.Command command) {
    expiries.put(command.id(), command.expires());
  }

  /** Removes a command whose result the hub has. */
  void answered(String id) {
    expiries.remove(id);
  }

  /** The ids, oldest first. */
  List<String> ids(long now) {
    expiries.values().removeIf(expires -> expires <= now);
    return expiries.keySet().stream().limit(MOST).toList();
  }
}

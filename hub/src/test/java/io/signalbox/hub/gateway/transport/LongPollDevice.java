package io.signalbox.hub.gateway.transport;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A device that always holds a poll, and uploads over a second connection. */
final class LongPollDevice implements DeviceClient {
  private final RawHttpConnection down;
  private final RawHttpConnection up;
  private final Set<String> unanswered = new LinkedHashSet<>();

  LongPollDevice(int port, String key) {
    down = new RawHttpConnection(port, key);
    up = new RawHttpConnection(port, key);
    hold();
  }

  private void hold() {
    down.send("GET", "commands?wait=5&received=" + String.join(",", unanswered), "");
  }

  @Override
  public List<String> take(int count) {
    List<String> ids = new ArrayList<>();
    while (ids.size() < count) {
      ids.addAll(ShortPollDevice.ids(down.read()));
      unanswered.addAll(ids);
      hold();
    }
    return ids;
  }

  @Override
  public void succeed(String command) {
    up.ask("POST", "commands/" + command + "/result", "{\"status\":\"succeeded\"}");
    unanswered.remove(command);
  }

  @Override
  public void close() {
    up.close();
    down.close();
  }
}

package io.signalbox.hub.gateway.transport;

import io.signalbox.hub.RunningHub;
import java.util.ArrayList;
import java.util.List;

/** A device on an event stream, which uploads over a second connection. */
final class SseDevice implements DeviceClient {
  private final RawHttpConnection down;
  private final RawHttpConnection up;

  SseDevice(int port, String key) {
    down = new RawHttpConnection(port, key);
    up = new RawHttpConnection(port, key);
    // Declares a proxy in between; otherwise the hub counts written bytes as delivered.
    down.send("GET", "commands", "", "Accept: text/event-stream", "Via: 1.1 relay");
    down.head();
  }

  /** The data of the next event with this name. */
  String next(String event) {
    String line = down.line();
    while (!line.equals("event: " + event)) {
      line = down.line();
    }
    return down.line().substring("data: ".length());
  }

  /** Waits for a heartbeat. */
  void beat() {
    while (!down.line().equals(":")) {
      // An event, or the empty line after it.
    }
  }

  @Override
  public List<String> take(int count) {
    List<String> ids = new ArrayList<>();
    while (ids.size() < count) {
      ids.add(RunningHub.json(next("command")).path("id").asText());
    }
    return ids;
  }

  @Override
  public void succeed(String command) {
    up.ask("POST", "commands/" + command + "/result", "{\"status\":\"succeeded\"}");
  }

  @Override
  public void close() {
    up.close();
    down.close();
  }
}

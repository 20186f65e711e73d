package io.signalbox.hub.gateway.transport;

import io.signalbox.hub.RunningHub;
import java.util.ArrayList;
import java.util.List;

/** A device on a stream of server-sent events, with a second connection up. */
final class SseDevice implements DeviceClient {
  private final RawHttpConnection down;
  private final RawHttpConnection up;

  SseDevice(int port, String key) {
    down = new RawHttpConnection(port, key);
    up = new RawHttpConnection(port, key);
    // As a proxy says of itself that it is in between: nothing else tells that bytes get lost.
    down.send("GET", "commands", "", "Accept: text/event-stream", "Via: 1.1 relay");
    down.head();
  }

  /** The data of the next event of that name. */
  String next(String event) {
    String line = down.line();
    while (!line.equals("event: " + event)) {
      line = down.line();
    }
    return down.line().substring("data: ".length());
  }

  /** Waits for a sign of life. */
  void beat() {
    while (!down.line().equals(":")) {
      // An event, or the empty line behind it.
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

package io.signalbox.hub.gateway.transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;

/** A device that polls for commands from time to time. */
final class ShortPollDevice implements DeviceClient {
  private final RawHttpConnection wire;
  private final Set<String> unanswered = new LinkedHashSet<>();

  ShortPollDevice(int port, String key) {
    wire = new RawHttpConnection(port, key);
  }

  /** Command ids in the response to a poll. */
  static List<String> ids(RawHttpConnection.Answer answer) {
    List<String> ids = new ArrayList<>();
    if (answer.status() == 200) {
      answer.json().path("commands").forEach(command -> ids.add(command.path("id").asText()));
    }
    return ids;
  }

  @Override
  public List<String> take(int count) {
    List<String> ids = new ArrayList<>();
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .until(
            () -> {
              String received = String.join(",", unanswered);
              ids.addAll(ids(wire.ask("GET", "commands?received=" + received, "")));
              unanswered.addAll(ids);
              return ids.size() >= count;
            });
    return ids;
  }

  @Override
  public void succeed(String command) {
    wire.ask("POST", "commands/" + command + "/result", "{\"status\":\"succeeded\"}");
    unanswered.remove(command);
  }

  @Override
  public void close() {
    wire.close();
  }
}

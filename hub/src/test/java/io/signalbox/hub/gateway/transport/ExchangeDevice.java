package io.signalbox.hub.gateway.transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;

/** A device that uses exchanges only. */
final class ExchangeDevice implements DeviceClient {
  private final RawHttpConnection wire;
  private final Set<String> unanswered = new LinkedHashSet<>();

  ExchangeDevice(int port, String key) {
    wire = new RawHttpConnection(port, key);
  }

  @Override
  public List<String> take(int count) {
    List<String> ids = new ArrayList<>();
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .until(
            () -> {
              ids.addAll(ShortPollDevice.ids(wire.ask("POST", "exchange", received())));
              unanswered.addAll(ids);
              return ids.size() >= count;
            });
    return ids;
  }

  private String received() {
    List<String> quoted = unanswered.stream().map(id -> "\"" + id + "\"").toList();
    return "{\"received\":[" + String.join(",", quoted) + "]}";
  }

  /** Other parts of the response are ignored: the hub sends them again. */
  @Override
  public void succeed(String command) {
    wire.ask(
        "POST",
        "exchange",
        "{\"results\":[{\"id\":\"" + command + "\",\"status\":\"succeeded\"}]}");
    unanswered.remove(command);
  }

  @Override
  public void close() {
    wire.close();
  }
}

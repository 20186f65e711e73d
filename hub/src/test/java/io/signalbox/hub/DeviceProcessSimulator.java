package io.signalbox.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.websocket.RawWebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A device that executes each command once and answers every delivery of it, over connections that
 * may break at any moment; it remembers executed commands by id.
 *
 * <p>Threading: its own thread serves the connection; the other methods may be called from any
 * thread.
 */
final class DeviceProcessSimulator {
  private static final long PAUSE = Duration.ofMillis(20).toNanos();

  private final String key;
  private final AtomicInteger port;
  private final Map<String, Integer> done = new ConcurrentHashMap<>();
  private final Set<String> accepted = ConcurrentHashMap.newKeySet();
  private final List<List<String>> connections = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean diligent;
  private volatile boolean stopped;
  private volatile @Nullable RawWebSocket socket;

  /** A device that connects to this port. */
  DeviceProcessSimulator(String key, AtomicInteger port) {
    this.key = key;
    this.port = port;
    this.thread = Thread.ofPlatform().daemon().name(key).start(this::run);
  }

  /** Executed commands: the result number by command id. */
  Map<String, Integer> done() {
    return done;
  }

  /** Received command ids per connection, in order. */
  List<List<String>> connections() {
    return connections;
  }

  /** Answers everything at once from now on; unanswered commands are redelivered. */
  void becomeDiligent() {
    diligent = true;
    reconnect();
  }

  /** Cuts the connection; what was left unanswered comes again. */
  void reconnect() {
    RawWebSocket present = socket;
    if (present != null) {
      present.close();
    }
  }

  private void run() {
    while (!stopped) {
      try (RawWebSocket connected = connect()) {
        socket = connected;
        serve(connected);
      } catch (RuntimeException | AssertionError broken) {
        LockSupport.parkNanos(PAUSE);
      }
    }
  }

  private RawWebSocket connect() {
    return RawWebSocket.open(
        port.get(),
        "/device/v1/stream",
        "Authorization: Bearer " + key,
        "Sec-WebSocket-Protocol: signalbox.v1.json");
  }

  private void serve(RawWebSocket connected) {
    List<String> came = new CopyOnWriteArrayList<>();
    connections.add(came);
    // Accepted commands are not redelivered: the result may be lost with the connection.
    accepted.forEach(id -> succeed(connected, id));
    while (!stopped) {
      JsonNode frame = RunningHub.json(connected.nextMessage());
      if (frame.path("type").asText().equals("command")) {
        came.add(frame.path("id").asText());
        execute(connected, frame);
      }
    }
  }

  /** Answers one in five only on redelivery; accepts one in three first. */
  private void execute(RawWebSocket connected, JsonNode command) {
    String id = command.path("id").asText();
    boolean isNew = !done.containsKey(id);
    int number = done.computeIfAbsent(id, first -> command.at("/params/n").intValue());
    if (isNew && !diligent && number % 5 == 0) {
      return;
    }
    if (number % 3 == 0) {
      accepted.add(id);
      connected.text("{\"type\":\"result\",\"id\":\"%s\",\"status\":\"accepted\"}".formatted(id));
    }
    succeed(connected, id);
  }

  private void succeed(RawWebSocket connected, String id) {
    connected.text(
        "{\"type\":\"result\",\"id\":\"%s\",\"status\":\"succeeded\",\"data\":{\"n\":%d}}"
            .formatted(id, done.get(id)));
  }

  /** Stops the device. */
  void disconnectAll() throws InterruptedException {
    stopped = true;
    becomeDiligent();
    thread.join();
  }
}

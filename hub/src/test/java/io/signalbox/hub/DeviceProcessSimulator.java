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

  /** A robot that connects to whatever listens on that port. */
  DeviceProcessSimulator(String key, AtomicInteger port) {
    this.key = key;
    this.port = port;
    this.thread = Thread.ofPlatform().daemon().name(key).start(this::run);
  }

  /** What it has done: the command's id, and the number that it gave as the result. */
  Map<String, Integer> done() {
    return done;
  }

  /** The ids that came through each of its connections, in order. */
  List<List<String>> connections() {
    return connections;
  }

  /** From now on it answers everything at once; what it kept to itself it is asked again. */
  void becomeDiligent() {
    diligent = true;
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
    // What was accepted does not come again: the result may have been lost with the connection.
    accepted.forEach(id -> succeed(connected, id));
    while (!stopped) {
      JsonNode frame = RunningHub.json(connected.nextMessage());
      if (frame.path("type").asText().equals("command")) {
        came.add(frame.path("id").asText());
        execute(connected, frame);
      }
    }
  }

  /** One in five it answers only when it is asked again, one in three it accepts first. */
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

  /** It does nothing more. */
  void disconnectAll() throws InterruptedException {
    stopped = true;
    becomeDiligent();
    thread.join();
  }
}

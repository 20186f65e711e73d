package io.signalbox.hub.feed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.websocket.RawWebSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Follows the numbered readings of a device on one transport. After each broken connection it
 * resumes with its cursor only. A repeated number, or a missing one without a reset, is a fault.
 */
final class FeedConsumer implements Runnable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Transports of the feed. */
  enum Transport {
    SOCKET,
    STREAM,
    LONG_POLL,
    SHORT_POLL
  }

  private final Transport delivery;
  private final int port;
  private final HttpClient http;
  private final Thread thread;
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private volatile String cursor = "";
  private volatile int last;
  private final AtomicInteger resets = new AtomicInteger();
  private volatile boolean stumbles;
  private volatile boolean over;
  private volatile @Nullable AutoCloseable line;
  private boolean wasReset;

  FeedConsumer(Transport delivery, int port, HttpClient http) {
    this.delivery = delivery;
    this.port = port;
    this.http = http;
    this.thread = new Thread(this, "consumer by " + delivery);
  }

  FeedConsumer start() {
    thread.setDaemon(true);
    thread.start();
    return this;
  }

  boolean isPlaced() {
    return !cursor.isEmpty();
  }

  int last() {
    return last;
  }

  int resets() {
    return resets.get();
  }

  List<String> faults() {
    return faults;
  }

  /** Simulates a crash: restarts with only the saved cursor. */
  void restart() {
    stumbles = true;
    AutoCloseable held = line;
    if (held != null) {
      close(held);
    }
  }

  void disconnectAll() throws InterruptedException {
    over = true;
    restart();
    thread.interrupt();
    thread.join();
  }

  @Override
  public void run() {
    while (!over) {
      stumbles = false;
      try {
        switch (delivery) {
          case SOCKET -> socket();
          case STREAM -> stream();
          case LONG_POLL -> poll(10);
          case SHORT_POLL -> poll(0);
        }
      } catch (IOException | RuntimeException | AssertionError broken) {
        LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
      } catch (InterruptedException home) {
        return;
      }
    }
  }

  private void socket() throws IOException {
    try (RawWebSocket socket =
        RawWebSocket.open(
            port, "/api/v1/stream", "Authorization: Bearer " + RunningHub.ADMIN_KEY)) {
      line = socket::cut;
      String after = cursor.isEmpty() ? "" : ",\"after\":\"" + cursor + "\"";
      socket.text("{\"type\":\"subscribe\",\"id\":1,\"topics\":[\"telemetry\"]" + after + "}");
      while (!stumbles) {
        JsonNode frame = RunningHub.json(socket.nextMessage());
        for (JsonNode event : frame.isArray() ? frame : JSON.createArrayNode().add(frame)) {
          boolean begins = event.path("type").asText().equals("subscribed") && cursor.isEmpty();
          take(event, begins || event.has("values") || isReset(event) ? at(event) : cursor);
        }
      }
    }
  }

  private static String at(JsonNode event) {
    return event.path("cursor").asText();
  }

  private static boolean isReset(JsonNode event) {
    return event.path("type").asText().equals("reset");
  }

  private void stream() throws IOException {
    Map<String, String> headers = cursor.isEmpty() ? Map.of() : Map.of("Last-Event-ID", cursor);
    try (TestEventSource source =
        TestEventSource.open(http, port, "/api/v1/events?topics=telemetry", null, headers)) {
      line = source;
      if (source.status() != 200) {
        throw new IOException("not let in");
      }
      while (!stumbles) {
        TestEventSource.Sent sent = cursor.isEmpty() ? null : source.next();
        if (sent == null && !cursor.isEmpty()) {
          return;
        }
        if (sent == null) {
          cursor = source.place();
        } else {
          take(sent.data(), sent.lastEventId().isEmpty() ? at(sent.data()) : sent.lastEventId());
        }
      }
    }
  }

  private void poll(int wait) throws IOException, InterruptedException {
    String uri =
        "http://127.0.0.1:%d/api/v1/events/poll?topics=telemetry&limit=7&wait=%d&cursor=%s"
            .formatted(port, cursor.isEmpty() ? 0 : wait, cursor);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(uri))
            .timeout(Duration.ofMinutes(3))
            .header("Authorization", "Bearer " + RunningHub.ADMIN_KEY)
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("not let in");
    }
    JsonNode page = JSON.readTree(answer.body());
    if (!stumbles) {
      page.path("events").forEach(event -> take(event, cursor));
      cursor = at(page);
    }
  }

  private void take(JsonNode event, String reached) {
    if (isReset(event)) {
      wasReset = true;
      resets.incrementAndGet();
    } else if (event.has("values")) {
      int n = event.path("values").path("n").asInt();
      if (wasReset ? n <= last : n != last + 1) {
        faults.add(n + " after " + last + (wasReset ? " and a reset" : ""));
      }
      wasReset = false;
      last = n;
    }
    cursor = reached;
  }

  private static void close(AutoCloseable held) {
    try {
      held.close();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public String toString() {
    return "consumer by " + delivery;
  }
}

package io.signalbox.hub.feed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.signalbox.hub.RunningHub;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An SSE client that follows the HTML standard and reads on demand. */
public final class TestEventSource implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final HttpResponse<InputStream> answer;
  private final BufferedReader lines;
  private String lastEventId = "";
  private long retry;

  /** An event with its type and id from the stream. */
  public record Sent(String type, String lastEventId, JsonNode data) {}

  private TestEventSource(HttpResponse<InputStream> answer) {
    this.answer = answer;
    this.lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
  }

  /** Connects; sends a POST if there is a body. */
  public static TestEventSource open(
      HttpClient http, int port, String path, @Nullable String body, Map<String, String> headers)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + RunningHub.ADMIN_KEY)
            .header("Accept", "text/event-stream");
    headers.forEach(request::setHeader);
    if (body != null) {
      request.header("Content-Type", "application/json");
      request.POST(HttpRequest.BodyPublishers.ofString(body));
    }
    try {
      return new TestEventSource(
          http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public int status() {
    return answer.statusCode();
  }

  public String header(String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  public String lastEventId() {
    return lastEventId;
  }

  /** The last reconnect time of the server, in milliseconds. */
  public long retry() {
    return retry;
  }

  /** The next event; null at the end of the stream. */
  public @Nullable Sent next() throws IOException {
    String type = "message";
    StringBuilder data = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.isEmpty()) {
        if (data.length() > 0) {
          return new Sent(type, lastEventId, JSON.readTree(data.toString()));
        }
        type = "message";
      } else if (line.startsWith("event: ")) {
        type = line.substring(7);
      } else if (line.startsWith("id: ")) {
        lastEventId = line.substring(4);
      } else if (line.startsWith("retry: ")) {
        retry = Long.parseLong(line.substring(7));
      } else if (line.startsWith("data: ")) {
        data.append(line.substring(6));
      }
    }
    return null;
  }

  /** The next event; fails at the end of the stream. */
  public Sent more() {
    try {
      Sent sent = next();
      if (sent == null) {
        throw new AssertionError("the stream has ended");
      }
      return sent;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The start position that the stream sends before any event. */
  public String place() throws IOException {
    while (lastEventId.isEmpty()) {
      String line = lines.readLine();
      if (line == null) {
        throw new IOException("the stream has ended");
      }
      lastEventId = line.startsWith("id: ") ? line.substring(4) : "";
    }
    return lastEventId;
  }

  /** The next line. */
  public String line() throws IOException {
    return String.valueOf(lines.readLine());
  }

  @Override
  public void close() {
    try {
      answer.body().close();
    } catch (IOException gone) {
      // Closed anyway.
    }
  }
}

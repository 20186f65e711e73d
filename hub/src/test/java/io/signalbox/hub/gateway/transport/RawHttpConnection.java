package io.signalbox.hub.gateway.transport;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import io.signalbox.hub.websocket.RawConnection;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;

/** An HTTP/1.1 connection of a device. Every read has a deadline. */
final class RawHttpConnection implements Closeable {
  private final RawConnection connection;
  private final String key;

  RawHttpConnection(int port, String key) {
    this.key = key;
    this.connection = RawConnection.to(port);
  }

  /** A response with its complete body. */
  record Answer(int status, String body) {
    JsonNode json() {
      return RunningHub.json(body);
    }
  }

  /** Sends a request to a device path; the body may be empty. */
  void send(String method, String path, String body, String... headers) {
    StringBuilder request = new StringBuilder(method + " /device/v1/" + path + " HTTP/1.1\r\n");
    request.append("Host: hub\r\nAuthorization: Bearer ").append(key).append("\r\n");
    if (!body.isEmpty()) {
      request.append("Content-Type: application/json\r\nContent-Length: ").append(body.length());
      request.append("\r\n");
    }
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    String whole = request.append("\r\n").append(body).toString();
    connection.send(whole.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads a response with a Content-Length. */
  Answer read() {
    String head = head();
    return new Answer(Integer.parseInt(head.substring(9, 12)), connection.bodyOf(head));
  }

  /** Sends a request and reads its response. */
  Answer ask(String method, String path, String body) {
    send(method, path, body);
    return read();
  }

  /** Head of a response. */
  String head() {
    return connection.head();
  }

  /** The next line of an endless response. */
  String line() {
    return connection.until("\n").strip();
  }

  @Override
  public void close() {
    connection.close();
  }
}

package io.signalbox.hub.gateway.transport;

import com.fasterxml.jackson.databind.JsonNode;
import io.signalbox.hub.RunningHub;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One HTTP/1.1 connection of a device. Every read has a deadline. */
final class HttpWire implements Closeable {
  private static final int DEADLINE_MILLIS = 30_000;

  private final Socket socket;
  private final String key;

  HttpWire(int port, String key) {
    this.key = key;
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(DEADLINE_MILLIS);
      socket.setTcpNoDelay(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An answer with its whole body. */
  record Answer(int status, String body) {
    JsonNode json() {
      return RunningHub.json(body);
    }
  }

  /** Sends a request below the devices' path; the body may be empty. */
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
    try {
      byte[] bytes =
          request.append("\r\n").append(body).toString().getBytes(StandardCharsets.UTF_8);
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads an answer whose length is known from its head. */
  Answer read() {
    String head = head();
    int status = Integer.parseInt(head.substring(9, 12));
    int at = head.toLowerCase(Locale.ROOT).indexOf("content-length: ");
    int length = at < 0 ? 0 : Integer.parseInt(head.substring(at + 16).split("\r\n", 2)[0]);
    try {
      return new Answer(
          status, new String(socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks, and reads the answer. */
  Answer ask(String method, String path, String body) {
    send(method, path, body);
    return read();
  }

  /** An answer's head. */
  String head() {
    return until("\r\n\r\n");
  }

  /** The next line of what does not end. */
  String line() {
    return until("\n").strip();
  }

  private String until(String end) {
    try {
      InputStream in = socket.getInputStream();
      ByteArrayOutputStream read = new ByteArrayOutputStream();
      while (!read.toString(StandardCharsets.UTF_8).endsWith(end)) {
        int next = in.read();
        if (next < 0) {
          throw new EOFException("ended after " + read.toString(StandardCharsets.UTF_8));
        }
        read.write(next);
      }
      return read.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

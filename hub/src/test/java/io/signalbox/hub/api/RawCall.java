package io.signalbox.hub.api;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client that sends bytes as they are, for what a proper one would not. */
record RawCall(int port) {
  private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(20).toMillis();

  static RawCall to(int port) {
    return new RawCall(port);
  }

  /** Sends the text and gives everything that comes until the hub closes the connection. */
  String send(String text) throws IOException {
    try (Socket socket = connect(text)) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Sends the text and leaves the answer to the caller. */
  Socket connect(String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
    return socket;
  }
}

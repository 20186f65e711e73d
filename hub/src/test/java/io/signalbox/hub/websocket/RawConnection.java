package io.signalbox.hub.websocket;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection that sends arbitrary bytes and reads HTTP/1.1 responses or anything else. Every
 * read has a deadline, and reads no byte more than requested.
 */
public class RawConnection implements Closeable {
  private static final int DEADLINE_MILLIS = 60_000;
  private static final String EMPTY_LINE = "\r\n\r\n";
  private static final String LENGTH = "content-length: ";

  private Socket socket;

  RawConnection(Socket socket) {
    this.socket = socket;
  }

  /** Connects over the loopback. */
  public static RawConnection to(int port) {
    return new RawConnection(connected(null, port));
  }

  /** The same from a given loopback address, like a client behind a proxy. */
  public static RawConnection from(String address, int port) {
    return new RawConnection(connected(address, port));
  }

  /** Sends the text; returns everything until the server closes the connection. */
  public static String exchange(int port, String text) {
    try (RawConnection connection = to(port)) {
      return connection.send(text).rest();
    }
  }

  static Socket connected(@Nullable String from, int port) {
    try {
      Socket socket = new Socket();
      if (from != null) {
        socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
      }
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), DEADLINE_MILLIS);
      socket.setSoTimeout(DEADLINE_MILLIS);
      socket.setTcpNoDelay(true);
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts TLS, with any certificate. */
  public RawConnection tls(String host) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), new SecureRandom());
      socket = context.getSocketFactory().createSocket(socket, host, socket.getPort(), true);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends these bytes. */
  public RawConnection send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends the text, one byte per character. */
  public RawConnection send(String text) {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The next byte; fails at the end. */
  int read() throws IOException {
    return required(socket.getInputStream().read());
  }

  private static int required(int next) throws EOFException {
    if (next < 0) {
      throw new EOFException("the connection has ended");
    }
    return next;
  }

  /** This many bytes; fewer at the end of the connection. */
  byte[] read(int length) throws IOException {
    return socket.getInputStream().readNBytes(length);
  }

  /** Reads until the text has arrived; fails if the connection ends before. */
  public String until(String text) {
    return until(text, false);
  }

  private String until(String text, boolean orEnded) {
    byte[] end = text.getBytes(StandardCharsets.UTF_8);
    Read read = new Read();
    try {
      while (!read.endsWith(end)) {
        int next = socket.getInputStream().read();
        if (next < 0 && orEnded) {
          return read.text();
        }
        read.write(required(next));
      }
      return read.text();
    } catch (IOException e) {
      throw new UncheckedIOException("after " + read.text(), e);
    }
  }

  private static final class Read extends ByteArrayOutputStream {
    boolean endsWith(byte[] end) {
      return count >= end.length
          && Arrays.equals(buf, count - end.length, count, end, 0, end.length);
    }

    String text() {
      return toString(StandardCharsets.UTF_8);
    }
  }

  /** The head of an HTTP response, up to its empty line. */
  public String head() {
    return until(EMPTY_LINE);
  }

  /** This many bytes of a response's body. */
  public String body(int length) {
    try {
      return new String(read(length), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The body after a head; empty if the head has no Content-Length. */
  public String bodyOf(String head) {
    int at = head.toLowerCase(Locale.ROOT).indexOf(LENGTH);
    return at < 0
        ? ""
        : body(Integer.parseInt(head.substring(at + LENGTH.length()).split("\r\n", 2)[0].strip()));
  }

  /**
   * An HTTP response's head, and its body if the head has a Content-Length; what has arrived if the
   * connection ends before.
   */
  public String answer() {
    String head = until(EMPTY_LINE, true);
    return head + bodyOf(head);
  }

  /** Everything up to the end of the connection. */
  public String rest() {
    try {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the server closes the connection; false if it sends something. */
  public boolean isEnded() {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException reset) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes the sending side. */
  public void halfClose() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Resets the connection. */
  public void cut() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
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

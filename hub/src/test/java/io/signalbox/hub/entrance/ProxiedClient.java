package io.signalbox.hub.entrance;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Locale;
import javax.net.ssl.SSLContext;

/**
 * A connection that comes from a chosen address of the loopback, and says whatever a test wants.
 */
public final class ProxiedClient implements Closeable {
  private static final int DEADLINE_MILLIS = 30_000;

  private final Socket connection;

  /** The connection, or TLS over it. */
  private Socket socket;

  private ProxiedClient(Socket connection) {
    this.connection = connection;
    socket = connection;
  }

  /** Connects from the address. */
  public static ProxiedClient from(String address, int port) {
    try {
      Socket socket = new Socket();
      socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), DEADLINE_MILLIS);
      socket.setSoTimeout(DEADLINE_MILLIS);
      socket.setTcpNoDelay(true);
      return new ProxiedClient(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Speaks TLS from now on, whatever the certificate. */
  public ProxiedClient tls(String host) {
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

  /** Reads until that text has come; fails if the connection ends before. */
  public String until(String text) {
    StringBuilder read = new StringBuilder();
    try {
      while (read.indexOf(text) < 0) {
        int next = socket.getInputStream().read();
        if (next < 0) {
          throw new EOFException("ended after " + read);
        }
        read.append((char) next);
      }
      return read.toString();
    } catch (IOException e) {
      throw new UncheckedIOException("after " + read, e);
    }
  }

  /** Sends these bytes. */
  public ProxiedClient say(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends these characters, a byte each. */
  public ProxiedClient say(String text) {
    return say(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** An HTTP answer's head, and its body if the head says how long that is. */
  public String answer() {
    try {
      StringBuilder answer = new StringBuilder();
      InputStream in = socket.getInputStream();
      while (answer.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          return answer.toString();
        }
        answer.append((char) next);
      }
      String head = answer.toString().toLowerCase(Locale.ROOT);
      int at = head.indexOf("content-length: ");
      if (at >= 0) {
        int length = Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)).strip());
        answer.append(new String(in.readNBytes(length), StandardCharsets.UTF_8));
      }
      return answer.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the hub ends the connection without a word. */
  public boolean isEnded() {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException reset) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without TLS's own end first: a layered socket would wait until the other side ends as well. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

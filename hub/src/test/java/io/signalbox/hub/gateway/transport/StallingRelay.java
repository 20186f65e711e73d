package io.signalbox.hub.gateway.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * TCP relay on the loopback that can stop forwarding silently: both connections stay open but no
 * bytes pass, as when the network behind a proxy vanishes.
 *
 * <p>Threading: any thread; each direction of a connection has its own virtual thread.
 */
final class StallingRelay implements AutoCloseable {
  private final ServerSocket listening;
  private final int target;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private volatile boolean stalled;

  /** Forwards to a loopback port. */
  StallingRelay(int target) {
    this.target = target;
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** The port to connect to. */
  int port() {
    return listening.getLocalPort();
  }

  /** Stops forwarding without closing connections. */
  void stall() {
    stalled = true;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(client);
        sockets.add(server);
        Thread.ofVirtual().start(() -> forward(client, server));
        Thread.ofVirtual().start(() -> forward(server, client));
      }
    } catch (IOException closed) {
      // The test has ended.
    }
  }

  private void forward(Socket from, Socket to) {
    byte[] bytes = new byte[8192];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        if (!stalled) {
          out.write(bytes, 0, read);
        }
      }
      if (!stalled) {
        to.shutdownOutput();
      }
    } catch (IOException gone) {
      close(stalled ? from : to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sockets.forEach(StallingRelay::close);
  }
}

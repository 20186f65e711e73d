package io.signalbox.testsupport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that listen later, or again after a restart. The kernel gives none of them to
 * an outgoing connection or to a server that listens on port 0, so that a port stays free while
 * nobody listens on it.
 *
 * <p>Threading: any thread.
 */
public final class FreePorts {
  /** Linux assigns ports from 32,768 by itself ({@code net.ipv4.ip_local_port_range}). */
  private static final int LIMIT = 32_768;

  private static final int FIRST = 20_000;
  private static final int ATTEMPTS = 1_000;

  private FreePorts() {}

  /** A random port on which nobody listens on 127.0.0.1. */
  public static int next() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LIMIT);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port from " + FIRST + " to " + (LIMIT - 1));
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (IOException used) {
      return false;
    }
  }
}

package io.signalbox.hub.store.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A Redis server of the tests, with an append-only file: a process. Tests that only need some Redis
 * use {@link #shared}, each with keys of its own.
 */
public final class RedisServer implements AutoCloseable {
  private static @Nullable RedisServer shared;

  private final RedisHost host;
  private final int port;

  private RedisServer(String config, int port, List<String> options) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of("--bind", "127.0.0.1", "--port", Integer.toString(port)));
    this.host = new RedisProcess(config, all);
    this.port = port;
    restart();
  }

  /** One server for all tests of this JVM. */
  public static synchronized RedisServer shared() {
    RedisServer running = shared;
    if (running == null) {
      running = start();
      Runtime.getRuntime().addShutdownHook(new Thread(running::close));
      shared = running;
    }
    return running;
  }

  /**
   * Starts a server; it listens when this returns.
   *
   * @param options as on the command line, such as {@code --requirepass}, {@code secret}
   */
  public static RedisServer start(String... options) {
    List<String> all = new ArrayList<>(List.of("--save", "", "--appendonly", "yes"));
    all.addAll(List.of("--repl-diskless-sync-delay", "0"));
    all.addAll(List.of(options));
    return new RedisServer("", freePort(), all);
  }

  /** Starts a Sentinel that alone decides on the failover of a master, after half a second. */
  public static RedisServer sentinel(String name, RedisServer master) {
    String config =
        """
        sentinel monitor %1$s 127.0.0.1 %2$d 1
        sentinel down-after-milliseconds %1$s 500
        sentinel failover-timeout %1$s 2000
        """
            .formatted(name, master.port());
    return new RedisServer(config, freePort(), List.of("--sentinel"));
  }

  /** Where the server listens. */
  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  /** Settings with a timeout that a busy machine does not exceed. */
  public RedisSettings settings() {
    return new RedisSettings(
        url(), null, null, null, false, null, "written", "signalbox", 16, Duration.ofSeconds(30));
  }

  /** Port on the loopback address. */
  public int port() {
    return port;
  }

  /** The answer of redis-cli to a command. */
  public String command(String... words) {
    List<String> arguments = new ArrayList<>(List.of("-p", Integer.toString(port)));
    arguments.addAll(List.of(words));
    return host.cli(arguments.toArray(String[]::new)).strip();
  }

  /** The number of replicas that a Sentinel has found. */
  public int knowsReplicas(String name) {
    List<String> lines = command("SENTINEL", "MASTER", name).lines().toList();
    return Integer.parseInt(lines.get(lines.indexOf("num-slaves") + 1));
  }

  /** Kills the server. */
  public void kill() {
    host.kill();
  }

  /** Starts the server again, with the data that the killed one has left. */
  public void restart() {
    host.launch();
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(this::listens);
  }

  /** Stops the server as it is: its sockets stay open, and nothing answers. */
  public void suspend() {
    host.suspend();
  }

  /** Lets a suspended server go on. */
  public void resume() {
    host.resume();
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** A port on the loopback address that nothing uses now. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void close() {
    host.close();
  }
}

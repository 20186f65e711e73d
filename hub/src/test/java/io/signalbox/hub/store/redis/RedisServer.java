package io.signalbox.hub.store.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A Redis server of the tests: a process with an append-only file in a directory of its own. Tests
 * that only need some Redis use {@link #shared}, each with keys of its own.
 */
public final class RedisServer implements AutoCloseable {
  private static @Nullable RedisServer shared;

  private final Path directory;
  private final int port;
  private final List<String> options;
  private Process process;

  private RedisServer(Path directory, int port, List<String> options) {
    this.directory = directory;
    this.port = port;
    this.options = options;
    this.process = launch();
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
    try {
      return new RedisServer(Files.createTempDirectory("redis"), freePort(), List.of(options));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Starts a Sentinel that alone decides on the failover of a master, after half a second. */
  public static RedisServer sentinel(String name, RedisServer master) {
    try {
      Path directory = Files.createTempDirectory("redis");
      Path config = directory.resolve("sentinel.conf");
      Files.writeString(
          config,
          """
          sentinel monitor %1$s 127.0.0.1 %2$d 1
          sentinel down-after-milliseconds %1$s 500
          sentinel failover-timeout %1$s 2000
          """
              .formatted(name, master.port()));
      return new RedisServer(directory, freePort(), List.of(config.toString(), "--sentinel"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The number of replicas that a Sentinel has found. */
  public int knowsReplicas(String name) {
    List<String> lines = command("SENTINEL", "MASTER", name).lines().toList();
    return Integer.parseInt(lines.get(lines.indexOf("num-slaves") + 1));
  }

  /** The answer of redis-cli to a command. */
  public String command(String... words) {
    List<String> command = new ArrayList<>(List.of("redis-cli", "-p", Integer.toString(port)));
    command.addAll(List.of(words));
    try {
      Process cli = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new String(cli.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Where the server listens. */
  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  /** Port on the loopback address. */
  public int port() {
    return port;
  }

  /** Stops the process as it is: its sockets stay open, and nothing answers. */
  public void suspend() {
    signal("STOP");
  }

  /** Lets a suspended process go on. */
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      int code = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill -" + name + " ended with " + code);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Kills the process. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Starts the process again, with the data that the killed one has left. */
  public void restart() {
    process = launch();
  }

  private Process launch() {
    try {
      List<String> command = new ArrayList<>(List.of("redis-server"));
      command.addAll(options);
      command.addAll(List.of("--bind", "127.0.0.1", "--port", Integer.toString(port)));
      command.addAll(List.of("--dir", directory.toString()));
      if (!options.contains("--sentinel")) {
        command.addAll(
            List.of("--save", "", "--appendonly", "yes", "--repl-diskless-sync-delay", "0"));
      }
      Process started =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start();
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(10))
          .until(this::listens);
      return started;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.signalbox.hub;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** A hub in its own process. */
final class HubProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String READY = "listening on ";

  private final Process process;
  private final Path out;
  private final Path err;

  private HubProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts a hub in a folder; its data directory is {@code data} there by default. */
  static HubProcess start(Path folder, Map<String, String> variables, String... arguments)
      throws IOException {
    return start(folder, List.of(), variables, arguments);
  }

  /**
   * Starts a hub with a prefix of the command line.
   *
   * @param prefix a command that runs the command that follows in its own process, like {@code env}
   */
  static HubProcess start(
      Path folder, List<String> prefix, Map<String, String> variables, String... arguments)
      throws IOException {
    Path out = Files.createTempFile(folder, "hub", ".out");
    Path err = Files.createTempFile(folder, "hub", ".err");
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SIGNALBOX_"));
    builder.environment().putAll(variables);
    return new HubProcess(
        builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start(), out, err);
  }

  /** Waits until it listens; returns the address. */
  String address() throws IOException, TimeoutException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline && process.isAlive()) {
      for (String line : Files.readAllLines(out)) {
        if (line.startsWith(READY)) {
          return line.substring(READY.length());
        }
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    throw new TimeoutException("no hub: " + said() + complained());
  }

  /** Waits for its end; returns the exit code. */
  int exitCode() throws InterruptedException, TimeoutException {
    if (!process.waitFor(PATIENCE.toSeconds(), SECONDS)) {
      throw new TimeoutException("the hub does not end");
    }
    return process.exitValue();
  }

  /** Its standard output. */
  String said() throws IOException {
    return Files.readString(out);
  }

  /** Its standard error. */
  String complained() throws IOException {
    return Files.readString(err);
  }

  /** Its process id. */
  long pid() {
    return process.pid();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    kill();
  }
}

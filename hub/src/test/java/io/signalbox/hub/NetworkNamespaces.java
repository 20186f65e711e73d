package io.signalbox.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Two network namespaces of Linux with a cable between them, which can be pulled: what was sent is
 * lost and nobody is told. Needs root and the package iproute2.
 */
final class NetworkNamespaces implements AutoCloseable {
  /** The address of the first one. */
  static final String ADDRESS = "10.99.0.1";

  private static final int DEADLINE_SECONDS = 20;

  private final String first = "signalbox-%d-1".formatted(ProcessHandle.current().pid());
  private final String second = "signalbox-%d-2".formatted(ProcessHandle.current().pid());

  private NetworkNamespaces() {}

  /** Makes them; skips the test where that is not allowed. */
  static NetworkNamespaces make() {
    NetworkNamespaces made = new NetworkNamespaces();
    Assumptions.assumeTrue(
        "Linux".equals(System.getProperty("os.name")) && succeeds("ip", "netns", "add", made.first),
        "network namespaces need Linux, root and the package iproute2");
    made.connect();
    return made;
  }

  private void connect() {
    run("ip", "netns", "add", second);
    run(
        "ip", "-n", first, "link", "add", "cable", "type", "veth", "peer", "cable", "netns",
        second);
    run("ip", "-n", first, "address", "add", ADDRESS + "/30", "dev", "cable");
    run("ip", "-n", second, "address", "add", "10.99.0.2/30", "dev", "cable");
    for (String namespace : List.of(first, second)) {
      run("ip", "-n", namespace, "link", "set", "lo", "up");
      run("ip", "-n", namespace, "link", "set", "cable", "up");
    }
  }

  /** What stands before a command to run it in the first one. */
  List<String> inFirst() {
    return List.of("ip", "netns", "exec", first);
  }

  /** A program of the shell in the first one, which has ended; what it wrote. */
  String ask(String script) throws IOException {
    Process process = bash(first, script).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** A program of the shell in the second one, which goes on. */
  Process begin(String script) throws IOException {
    return bash(second, script).start();
  }

  private static ProcessBuilder bash(String namespace, String script) {
    return new ProcessBuilder("ip", "netns", "exec", namespace, "bash", "-c", script)
        .redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  /** Takes the cable out of the second one. */
  void pullCable() {
    run("ip", "-n", second, "link", "set", "cable", "down");
  }

  /** Puts it in again. */
  void plugCable() {
    run("ip", "-n", second, "link", "set", "cable", "up");
  }

  private static void run(String... command) {
    if (!succeeds(command)) {
      throw new IllegalStateException("failed: " + String.join(" ", command));
    }
  }

  private static boolean succeeds(String... command) {
    try {
      Process process =
          new ProcessBuilder(new ArrayList<>(List.of(command)))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException missing) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    run("ip", "netns", "delete", first);
    run("ip", "netns", "delete", second);
  }
}

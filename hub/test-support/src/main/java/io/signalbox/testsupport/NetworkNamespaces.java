package io.signalbox.testsupport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Two Linux network namespaces connected by a virtual cable: the first for the hub, the second for
 * its clients. The cable can be unplugged and can lose packets silently. Needs root and the package
 * iproute2.
 *
 * <p>Threading: the test's thread.
 */
public final class NetworkNamespaces implements AutoCloseable {
  /** Address of the first namespace. */
  public static final String ADDRESS = "10.99.0.1";

  private static final int DEADLINE_SECONDS = 180;

  private final String first = "signalbox-%d-1".formatted(ProcessHandle.current().pid());
  private final String second = "signalbox-%d-2".formatted(ProcessHandle.current().pid());

  private NetworkNamespaces() {}

  /** Creates the namespaces; skips the test if that is not allowed. */
  public static NetworkNamespaces make() {
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

  /** Command prefix that runs a program in the first namespace. */
  public List<String> inFirst() {
    return inside(first);
  }

  /** Command prefix that runs a program in the second namespace. */
  public List<String> inSecond() {
    return inside(second);
  }

  private static List<String> inside(String namespace) {
    return List.of("ip", "netns", "exec", namespace);
  }

  /** Runs a shell script in the first namespace and returns its output. */
  public String ask(String script) throws IOException {
    Process process = bash(first, script).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Starts a shell script in the second namespace. */
  public Process begin(String script) throws IOException {
    return bash(second, script).start();
  }

  /**
   * Sends an HTTP request within the first namespace, independent of the cable; returns the
   * response with head and body.
   *
   * @param head the request's head without the empty line; {@code Connection: close} is added
   */
  public String http(int port, String head, String body) throws IOException {
    return ask(
        "exec 3<>/dev/tcp/127.0.0.1/%d; printf '%%s' %s >&3; cat <&3"
            .formatted(port, quoted(head + "Connection: close\r\n\r\n" + body)));
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  private static ProcessBuilder bash(String namespace, String script) {
    List<String> command = new ArrayList<>(inside(namespace));
    command.addAll(List.of("bash", "-c", script));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  /** Takes the second end of the cable down; only the second namespace notices. */
  public void pullCable() {
    run("ip", "-n", second, "link", "set", "cable", "down");
  }

  /** Takes the second end of the cable up again. */
  public void plugCable() {
    run("ip", "-n", second, "link", "set", "cable", "up");
  }

  /**
   * Sets the share of lost packets in both directions, 1 for all; skips the test if the kernel does
   * not support it or the package iptables is missing.
   */
  public void lose(double share) {
    loseToSecond(share);
    lose(first, share);
  }

  /** Sets the share of lost packets to the second namespace; with 1 it can only send. */
  public void loseToSecond(double share) {
    lose(second, share);
  }

  /** Drops packets at the receiver, so that the sender does not notice. */
  private static void lose(String namespace, double share) {
    List<String> iptables = new ArrayList<>(inside(namespace));
    iptables.addAll(List.of("iptables", "-w"));
    List<String> flush = new ArrayList<>(iptables);
    flush.addAll(List.of("-F", "INPUT"));
    iptables.addAll(List.of("-A", "INPUT", "-i", "cable", "-m", "statistic", "--mode", "random"));
    iptables.addAll(List.of("--probability", String.valueOf(share), "-j", "DROP"));
    Assumptions.assumeTrue(
        succeeds(flush.toArray(String[]::new)) && succeeds(iptables.toArray(String[]::new)),
        "packet loss needs the package iptables and the kernel module xt_statistic");
  }

  private static void run(String... command) {
    if (!succeeds(command)) {
      throw new IllegalStateException("failed: " + String.join(" ", command));
    }
  }

  private static boolean succeeds(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
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

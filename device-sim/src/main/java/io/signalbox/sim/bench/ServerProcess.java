package io.signalbox.sim.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server process under measurement, as Linux' /proc shows it. */
final class ServerProcess implements AutoCloseable {
  private static final String LISTENING = "listening on ";
  private static final int MOST_SECONDS_TO_STOP = 20;

  /** Of the kernel's clock, in which /proc counts CPU time: always 100 for programs. */
  private static final double TICKS_PER_SECOND = 100;

  /** HotSpot gives memory back in steps, the last with the fourth collection in a row. */
  private static final int COLLECTIONS_TO_SHRINK = 4;

  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;

  private final Process process;
  private final URI address;

  private ServerProcess(Process process, URI address) {
    this.process = process;
    this.address = address;
  }

  /** Starts a server and waits until it has said where it listens. */
  static ServerProcess start(List<String> command, Map<String, String> variables)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(variables);
    Process process = builder.start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    while (line != null && !line.startsWith(LISTENING)) {
      line = out.readLine();
    }
    if (line == null) {
      throw new IOException(String.join(" ", command) + " did not start");
    }
    return new ServerProcess(process, URI.create(line.substring(LISTENING.length())));
  }

  /** Starts a program that talks to a server, and does not wait for anything. */
  static ServerProcess client(List<String> command, Map<String, String> variables, URI server)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(variables);
    return new ServerProcess(builder.start(), server);
  }

  /** Where it listens, or whom it talks to. */
  URI address() {
    return address;
  }

  /** Fails if it has ended. */
  void mustRun() throws IOException {
    if (!process.isAlive()) {
      throw new IOException("process " + process.pid() + " has ended: " + process.exitValue());
    }
  }

  /** User and system time of all its threads so far. */
  double cpuSeconds() throws IOException {
    String stat = Files.readString(proc("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]))
        / TICKS_PER_SECOND;
  }

  /** Resident memory after so many full garbage collections that the heap has shrunk. */
  long residentBytes() throws IOException, InterruptedException {
    for (int i = 0; i < COLLECTIONS_TO_SHRINK; i++) {
      new ProcessBuilder(jcmd(), Long.toString(process.pid()), "GC.run")
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    }
    return residentBytesNow();
  }

  /** Resident memory as it is, with what could be collected. */
  long residentBytesNow() throws IOException {
    return Files.readAllLines(proc("smaps_rollup")).stream()
        .filter(line -> line.startsWith("Rss:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  /** Bytes of all objects that are in use: what a full garbage collection leaves. */
  long heapBytes() throws IOException, InterruptedException {
    Process histogram =
        new ProcessBuilder(jcmd(), Long.toString(process.pid()), "GC.class_histogram").start();
    try (BufferedReader lines = histogram.inputReader(StandardCharsets.UTF_8)) {
      return lines
          .lines()
          .filter(line -> line.startsWith("Total"))
          .mapToLong(line -> Long.parseLong(line.trim().split(" +", -1)[2]))
          .findFirst()
          .orElseThrow(() -> new IOException("jcmd told no heap"));
    } finally {
      histogram.waitFor();
    }
  }

  private static String jcmd() {
    return Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(process.pid()), file);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (process.waitFor(MOST_SECONDS_TO_STOP, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}

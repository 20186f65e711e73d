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

/** Measured server process; reads Linux /proc. */
final class ServerProcess implements AutoCloseable {
  private static final String LISTENING = "listening on ";
  private static final int MOST_SECONDS_TO_STOP = 20;

  /** Clock ticks per second of CPU times in /proc; always 100 in user space. */
  private static final double TICKS_PER_SECOND = 100;

  /** HotSpot returns memory in steps, the last with the fourth collection in a row. */
  private static final int COLLECTIONS_TO_SHRINK = 4;

  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;

  private final Process process;
  private final URI address;

  private ServerProcess(Process process, URI address) {
    this.process = process;
    this.address = address;
  }

  /** Starts a server and waits until it prints its address. */
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

  /** Starts a client process without waiting. */
  static ServerProcess client(List<String> command, Map<String, String> variables, URI server)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(variables);
    return new ServerProcess(builder.start(), server);
  }

  /** The server's address, its own or the one it connects to. */
  URI address() {
    return address;
  }

  /** Fails if the process has ended. */
  void mustRun() throws IOException {
    if (!process.isAlive()) {
      throw new IOException("process " + process.pid() + " has ended: " + process.exitValue());
    }
  }

  /** User and system CPU time of all threads. */
  double cpuSeconds() throws IOException {
    String stat = Files.readString(proc("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]))
        / TICKS_PER_SECOND;
  }

  /** Resident memory after enough full garbage collections to shrink the heap. */
  long residentBytes() throws IOException, InterruptedException {
    for (int i = 0; i < COLLECTIONS_TO_SHRINK; i++) {
      new ProcessBuilder(jcmd(), Long.toString(process.pid()), "GC.run")
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    }
    return residentBytesNow();
  }

  /** Resident memory without a prior garbage collection. */
  long residentBytesNow() throws IOException {
    return Files.readAllLines(proc("smaps_rollup")).stream()
        .filter(line -> line.startsWith("Rss:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  /** Bytes of live heap objects after a full garbage collection. */
  long heapBytes() throws IOException, InterruptedException {
    Process histogram =
        new ProcessBuilder(jcmd(), Long.toString(process.pid()), "GC.class_histogram").start();
    try (BufferedReader lines = histogram.inputReader(StandardCharsets.UTF_8)) {
      return lines
          .lines()
          .filter(line -> line.startsWith("Total"))
          .mapToLong(line -> Long.parseLong(line.trim().split(" +", -1)[2]))
          .findFirst()
          .orElseThrow(() -> new IOException("no heap size in the output of jcmd"));
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

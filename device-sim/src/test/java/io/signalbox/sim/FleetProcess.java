package io.signalbox.sim;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Child process with one fleet per transport, optionally in its own network namespace. Prints the
 * progress for every line on standard input and ends the fleets at end of input.
 */
final class FleetProcess implements AutoCloseable {
  private static final List<String> TRANSPORTS =
      List.of("websocket", "sse", "longpoll", "poll", "adaptive", "auto");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MOST_SECONDS_TO_END = 400;

  private final Process process;
  private final Path err;
  private final BufferedReader out;
  private final BufferedWriter in;

  /** Progress of a fleet: acknowledged and pending readings, started commands. */
  record Progress(long acked, long unacked, long commands) {}

  /** Exit code, report and log of the fleets. */
  record End(int code, String printed, String logged) {}

  private FleetProcess(Process process, Path err) {
    this.process = process;
    this.err = err;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.in = process.outputWriter(StandardCharsets.UTF_8);
  }

  /**
   * Starts the process.
   *
   * @param err the log file
   * @param prefix a command that runs the command that follows in its own process, like {@code env}
   */
  static FleetProcess start(Path err, List<String> prefix, String url, String... options)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), FleetProcess.class.getName()));
    command.add(url);
    command.addAll(List.of(options));
    return new FleetProcess(new ProcessBuilder(command).redirectError(err.toFile()).start(), err);
  }

  /** The progress by transport. */
  Map<String, Progress> progress() throws IOException {
    in.write("progress\n");
    in.flush();
    String line = out.readLine();
    if (line == null) {
      throw new IOException("the fleets have ended");
    }
    Map<String, Progress> all = new TreeMap<>();
    JSON.readTree(line)
        .properties()
        .forEach(
            entry -> all.put(entry.getKey(), JSON.convertValue(entry.getValue(), Progress.class)));
    return all;
  }

  /** Ends all fleets and waits for their reports. */
  End end() throws IOException, InterruptedException {
    in.close();
    String printed = out.lines().collect(Collectors.joining("\n"));
    if (!process.waitFor(MOST_SECONDS_TO_END, TimeUnit.SECONDS)) {
      throw new AssertionError("the fleets do not end; they printed:\n" + printed);
    }
    return new End(process.exitValue(), printed, Files.readString(err));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Main method of the process. Arguments: the hub's address, then the options of each fleet. */
  public static void main(String[] arguments) throws IOException {
    Map<String, SimulationRun> runs = new LinkedHashMap<>();
    for (String transport : TRANSPORTS) {
      List<String> line = new ArrayList<>(List.of(arguments).subList(1, arguments.length));
      line.addAll(List.of("--transport", transport, "--prefix", transport + "-"));
      switch (transport) {
        case "poll", "adaptive" -> line.addAll(List.of("--power", "min=100ms,max=500ms"));
        case "longpoll" -> line.addAll(List.of("--poll-interval", "2s"));
        case "auto" -> line.addAll(List.of("--upgrade-after", "1s"));
        default -> {}
      }
      String[] options = line.toArray(String[]::new);
      runs.put(transport, SimulationRun.against(arguments[0], HubProcess.ADMIN_KEY, options));
    }
    BufferedReader asked =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (asked.readLine() != null) {
      Map<String, Progress> all = new LinkedHashMap<>();
      runs.forEach(
          (transport, run) ->
              all.put(transport, new Progress(run.acked(), run.unacked(), run.commands())));
      System.out.println(JSON.writeValueAsString(all));
    }
    System.exit(ended(runs));
  }

  private static int ended(Map<String, SimulationRun> runs) {
    runs.values().forEach(SimulationRun::close);
    int codes = 0;
    for (Map.Entry<String, SimulationRun> run : runs.entrySet()) {
      int code = run.getValue().code();
      System.out.println("--- " + run.getKey() + " ended with " + code);
      System.out.println(run.getValue().printed());
      codes = Math.max(codes, Math.abs(code));
    }
    return codes;
  }
}

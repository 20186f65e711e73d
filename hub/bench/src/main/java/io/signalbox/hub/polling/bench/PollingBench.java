package io.signalbox.hub.polling.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code ./signalbox bench polling}: prints tables, and writes a plot to a file. */
public final class PollingBench {
  private static final String USAGE =
      """
      usage: ./signalbox bench polling [OPTION...]

        --seeds N         number of runs per workload (default 5)
        --poll-cost C     cost of a poll, in seconds of waiting of one command (default 1)
        --recorded FILE   adds the times in the first column of FILE as a workload; repeatable
        --plot FILE       writes a plot to FILE, as SVG
      """;

  private int seeds = 5;
  private double pollCost = 1;
  private final List<Workload> patterns = new ArrayList<>(Workloads.all());
  private final List<Path> plots = new ArrayList<>();

  private PollingBench() {}

  /** Exits with 64 if the options are invalid, with 66 if a file cannot be read. */
  public static void main(String[] arguments) {
    System.exit(new PollingBench().run(List.of(arguments)));
  }

  private int run(List<String> arguments) {
    try {
      if (arguments.contains("--help")) {
        System.out.print(USAGE);
        return 0;
      }
      for (int each = 0; each < arguments.size(); each += 2) {
        take(arguments.get(each), each + 1 < arguments.size() ? arguments.get(each + 1) : "");
      }
      compare();
      return 0;
    } catch (IllegalArgumentException wrong) {
      System.err.println("signalbox: " + wrong.getMessage() + "\n" + USAGE);
      return 64;
    } catch (IOException unreadable) {
      System.err.println("signalbox: " + unreadable.getMessage());
      return 66;
    }
  }

  private void take(String option, String value) throws IOException {
    switch (option) {
      case "--seeds" -> seeds = Math.max(1, Integer.parseInt(value));
      case "--poll-cost" -> pollCost = Double.parseDouble(value);
      case "--recorded" -> patterns.add(RecordedArrivals.of(Path.of(value)));
      case "--plot" -> plots.add(Path.of(value));
      default -> throw new IllegalArgumentException("unknown option " + option);
    }
  }

  private void compare() throws IOException {
    List<Comparison> comparisons =
        patterns.stream().map(pattern -> Comparison.of(pattern, pollCost, seeds)).toList();
    System.out.println("Cost against the best fixed interval, pollCost " + pollCost + ":\n");
    System.out.println(MarkdownReport.summary(comparisons));
    System.out.println(MarkdownReport.details(comparisons));
    for (Path plot : plots) {
      Files.writeString(plot, SvgChart.of(comparisons));
    }
  }
}

package io.signalbox.hub.polling.bench;

import io.signalbox.cli.CommandLineConventions;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./signalbox bench polling}: prints tables, and writes a plot to a file. */
@Command(
    name = "signalbox bench polling",
    description =
        "Compares the hub's poll planner with other strategies, in virtual time: on steady, bursty"
            + " and daily commands, and on recorded ones.",
    exitCodeList = {
      "0:success",
      "64:invalid command line",
      "66:a recording cannot be read",
      "74:the plot cannot be written"
    })
public final class PollingBench implements Callable<Integer> {
  private static final int NO_INPUT = 66;
  private static final int IO = 74;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Number of runs per workload (default: ${DEFAULT-VALUE}).")
  private int seeds;

  @Option(
      names = "--poll-cost",
      paramLabel = "C",
      defaultValue = "1",
      description =
          "Cost of a poll, in seconds of waiting of one command (default: ${DEFAULT-VALUE}).")
  private double pollCost;

  @Option(
      names = "--recorded",
      paramLabel = "FILE",
      description =
          "Add the times in the first column of this file as a workload; may be repeated.")
  private List<Path> recordings = new ArrayList<>();

  @Option(names = "--plot", paramLabel = "FILE", description = "Write a plot to this file, as SVG.")
  private List<Path> plots = new ArrayList<>();

  PollingBench() {}

  /** Runs the comparison and exits with one of the exit codes listed in {@code --help}. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    CommandLine line = new CommandLine(new PollingBench());
    return CommandLineConventions.apply(line, PollingBench.class).execute(arguments);
  }

  @Override
  public Integer call() {
    if (seeds < 1) {
      throw new ParameterException(spec.commandLine(), "--seeds: " + seeds + " is not in 1..");
    }
    List<Workload> workloads = new ArrayList<>(Workloads.all());
    try {
      for (Path recording : recordings) {
        workloads.add(RecordedArrivals.of(recording));
      }
    } catch (IOException unreadable) {
      return failed(unreadable, "cannot be read", NO_INPUT);
    }
    List<Comparison> comparisons =
        workloads.stream().map(workload -> Comparison.of(workload, pollCost, seeds)).toList();
    System.out.println("Cost against the best fixed interval, pollCost " + pollCost + ":\n");
    System.out.println(MarkdownReport.summary(comparisons));
    System.out.println(MarkdownReport.details(comparisons));
    try {
      for (Path plot : plots) {
        Files.writeString(plot, SvgChart.of(comparisons));
      }
    } catch (IOException unwritable) {
      return failed(unwritable, "cannot be written", IO);
    }
    return 0;
  }

  private int failed(IOException fault, String what, int exitCode) {
    String line =
        fault instanceof FileSystemException file
            ? file.getFile() + " " + what
            : fault.getMessage();
    CommandLineConventions.printError(spec.commandLine(), String.valueOf(line));
    return exitCode;
  }
}

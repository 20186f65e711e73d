package io.signalbox.sim;

import io.signalbox.cli.CommandLineConventions;
import io.signalbox.sim.LinkOptions.Transport;
import io.signalbox.sim.SimOptions.WhenFull;
import io.signalbox.sim.api.HubApiException;
import io.signalbox.sim.link.Encoding;
import io.signalbox.sim.model.ModelKind;
import io.signalbox.sim.model.RecordingException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** Starts the simulator. */
public final class Main {
  private static final int HUB_ERROR = 3;
  private static final int INTERNAL = 70;
  private static final long MOST_SECONDS_TO_END = 20;

  private Main() {}

  /** Runs the simulator and exits with one of the exit codes listed in {@code --help}. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  static int run(String... args) {
    return commandLine(new SimOptions()).execute(args);
  }

  static CommandLine commandLine(SimOptions options) {
    CommandLine line = new CommandLine(options);
    return CommandLineConventions.apply(line, Main.class)
        .registerConverter(ModelKind.class, text -> EnumOption.of(ModelKind.class, text))
        .registerConverter(Encoding.class, text -> EnumOption.of(Encoding.class, text))
        .registerConverter(Transport.class, text -> EnumOption.of(Transport.class, text))
        .registerConverter(WhenFull.class, text -> EnumOption.of(WhenFull.class, text))
        .setExecutionExceptionHandler(Main::failed);
  }

  /** Runs the plan. Ctrl-C ends the run early and still prints the report. */
  static int simulate(RunPlan plan) throws InterruptedException {
    CountDownLatch finished = new CountDownLatch(1);
    Simulation simulation = new Simulation(plan, System.out);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(simulation, finished), "ctrl-c"));
    try {
      return simulation.run();
    } finally {
      finished.countDown();
    }
  }

  private static void end(Simulation simulation, CountDownLatch finished) {
    simulation.interrupt();
    try {
      finished.await(MOST_SECONDS_TO_END, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int failed(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
    return switch (e) {
      case OptionException wrong -> printError(line, wrong, CommandLineConventions.USAGE);
      case RecordingException fault -> printError(line, fault, CommandLineConventions.USAGE);
      case HubApiException refused -> printError(line, refused, HUB_ERROR);
      default -> {
        e.printStackTrace();
        yield INTERNAL;
      }
    };
  }

  private static int printError(CommandLine line, Exception fault, int code) {
    String message = String.valueOf(fault.getMessage());
    CommandLineConventions.printError(line, message.lines().collect(Collectors.joining(" ")));
    return code;
  }
}

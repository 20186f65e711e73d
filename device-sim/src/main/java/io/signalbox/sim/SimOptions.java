package io.signalbox.sim;

import io.signalbox.sim.link.Encoding;
import io.signalbox.sim.model.ModelKind;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line. Everything wrong with it is told in one line, with exit code 2. */
@Command(
    name = "signalbox sim",
    customSynopsis = "Usage: signalbox sim [OPTIONS]",
    synopsisHeading = "",
    description = {
      "",
      "Simulates devices: registers them with a hub, connects them and sends their readings.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  signalbox sim --devices 100 --rate 1",
      "  signalbox sim --devices 100 --rate 20 --duration 30 --verify",
      "  signalbox sim --devices 100 --commands 20 --command-faults silent=2%%,cut=1%% --verify",
      "  signalbox sim --transport adaptive --power min=2s,max=1m --commands 1 --verify",
      "  signalbox sim --replay pump.csv --column Pressure,Current --device pump-7 --verify"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all went well",
      "1:the verification found something wrong, or not all could be sent",
      "2:the command line or the recording is wrong",
      "3:the hub cannot be reached or refuses"
    },
    sortOptions = false,
    usageHelpAutoWidth = true,
    versionProvider = SimVersion.class)
final class SimOptions implements Callable<Integer> {
  @Option(
      names = "--hub",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "The hub (default: ${DEFAULT-VALUE}).")
  String hub = "";

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description =
          "API key with devices:write, to verify telemetry:read, and for --commands commands:write"
              + " and devices:read. Without it SIGNALBOX_API_KEY"
              + " or SIGNALBOX_ADMIN_KEY of the environment.")
  @Nullable String key;

  @Option(names = "--devices", paramLabel = "N", description = "How many devices (default: 10).")
  @Nullable Integer devices;

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      defaultValue = "sim-",
      description = "What their ids begin with; sim- makes sim-0001 … (default: ${DEFAULT-VALUE}).")
  String prefix = "";

  @Option(
      names = "--model",
      paramLabel = "KIND",
      defaultValue = "mixed",
      description = "thermostat, pump or mixed (default: ${DEFAULT-VALUE}).")
  ModelKind model = ModelKind.MIXED;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "1",
      description = "Messages a second for each device (default: ${DEFAULT-VALUE}).")
  double rate;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Instants in each message (default: 1; in a replay at most 500).")
  @Nullable Integer batch;

  @Option(
      names = "--metrics",
      paramLabel = "N",
      description = "Send only the first N channels of each machine (default: all).")
  @Nullable Integer metrics;

  @Option(
      names = "--duration",
      paramLabel = "S",
      description = "Seconds (default: until Ctrl-C; with --verify 30).")
  @Nullable Double duration;

  @Option(
      names = "--encoding",
      paramLabel = "NAME",
      defaultValue = "json",
      description = "json or cbor (default: ${DEFAULT-VALUE}).")
  Encoding encoding = Encoding.JSON;

  @Option(
      names = "--window",
      paramLabel = "N",
      description = "Most messages a device keeps unacknowledged (default: 1000).")
  @Nullable Integer window;

  @Option(
      names = "--when-full",
      paramLabel = "DO",
      defaultValue = "pause",
      description =
          "When the window is full: pause sampling, or drop the oldest (default: ${DEFAULT-VALUE}).")
  WhenFull whenFull = WhenFull.PAUSE;

  @Option(
      names = "--faults",
      paramLabel = "LIST",
      description =
          "Chances for each message, such as cut=0.01,duplicate=0.05: the connection is cut after"
              + " it, its readings are sent twice.")
  @Nullable String faults;

  @Option(
      names = "--verify",
      description =
          "At the end prove from the hub's history that every acknowledged reading is there exactly"
              + " once, with its value; with --commands also that each has ended truly.")
  boolean verify;

  @Option(
      names = "--verify-timeout",
      paramLabel = "S",
      defaultValue = "60",
      description =
          "How long to wait at the end for acknowledgements, and again for the history, while the"
              + " hub is away (default: ${DEFAULT-VALUE}). At the start a hub that closes connections"
              + " or is not ready is waited for as long, 10 s at most.")
  double patience;

  @Option(
      names = "--watch",
      description = "Measure also how long readings take to an operator's stream.")
  boolean watch;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Makes the machines' randomness repeatable; keys stay random.")
  @Nullable Long seed;

  @Option(
      names = {"-q", "--quiet"},
      description = "No progress, only the report.")
  boolean quiet;

  @ArgGroup(exclusive = false, heading = "%nThe way to the hub:%n")
  LinkOptions link = new LinkOptions();

  @ArgGroup(exclusive = false, heading = "%nCommands:%n")
  CommandOptions commands = new CommandOptions();

  @ArgGroup(exclusive = false, heading = "%nReplay of a recording (CSV with a header):%n")
  ReplayOptions replay = new ReplayOptions();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Option(names = "--version", versionHelp = true, description = "Show the version.")
  boolean version;

  /** What a device does when its window is full. */
  enum WhenFull {
    PAUSE,
    DROP
  }

  @Override
  public Integer call() throws InterruptedException {
    return Main.simulate(new RunPlanBuilder(this, System.getenv()).plan());
  }
}

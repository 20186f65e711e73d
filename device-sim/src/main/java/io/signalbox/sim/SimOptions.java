package io.signalbox.sim;

import io.signalbox.sim.link.Encoding;
import io.signalbox.sim.model.ModelKind;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Command line options. */
@Command(
    name = "signalbox sim",
    description =
        "Simulates devices: registers and connects them, sends readings, executes commands.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  signalbox sim --devices 100 --rate 1",
      "  signalbox sim --devices 100 --rate 20 --duration 30 --verify",
      "  signalbox sim --devices 100 --commands 20 --command-faults silent=2%%,cut=1%% --verify",
      "  signalbox sim --transport adaptive --power min=2s,max=1m --commands 1 --verify",
      "  signalbox sim --replay pump.csv --column Pressure,Current --device pump-7 --verify"
    },
    exitCodeList = {
      "0:success",
      "1:verification failed, or not all readings could be sent",
      "3:hub unreachable, or request rejected by the hub",
      "64:invalid command line or recording"
    })
final class SimOptions implements Callable<Integer> {
  @Option(
      names = "--hub",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "URL of the hub (default: ${DEFAULT-VALUE}).")
  String hub = "";

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description =
          "API key with scope devices:write; --verify also requires telemetry:read, and --commands"
              + " requires commands:write and devices:read (default: environment variable"
              + " SIGNALBOX_API_KEY, else SIGNALBOX_ADMIN_KEY).")
  @Nullable String key;

  @Option(names = "--devices", paramLabel = "N", description = "Number of devices (default: 10).")
  @Nullable Integer devices;

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      defaultValue = "sim-",
      description = "Prefix of device ids; sim- gives sim-0001 … (default: ${DEFAULT-VALUE}).")
  String prefix = "";

  @Option(
      names = "--model",
      paramLabel = "KIND",
      defaultValue = "mixed",
      description = "Device model: thermostat, pump or mixed (default: ${DEFAULT-VALUE}).")
  ModelKind model = ModelKind.MIXED;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "1",
      description = "Messages per second and device (default: ${DEFAULT-VALUE}).")
  double rate;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Samples per message (default: 1; in a replay up to 500).")
  @Nullable Integer batch;

  @Option(
      names = "--metrics",
      paramLabel = "N",
      description = "Send only the first N channels of each device (default: all).")
  @Nullable Integer metrics;

  @Option(
      names = "--duration",
      paramLabel = "S",
      description = "Duration in seconds (default: until Ctrl-C; with --verify 30).")
  @Nullable Double duration;

  @Option(
      names = "--encoding",
      paramLabel = "NAME",
      defaultValue = "json",
      description = "Message encoding: json or cbor (default: ${DEFAULT-VALUE}).")
  Encoding encoding = Encoding.JSON;

  @Option(
      names = "--window",
      paramLabel = "N",
      description = "Maximum number of unacknowledged messages per device (default: 1000).")
  @Nullable Integer window;

  @Option(
      names = "--when-full",
      paramLabel = "DO",
      defaultValue = "pause",
      description =
          "If the window is full: pause sampling, or drop the oldest (default: ${DEFAULT-VALUE}).")
  WhenFull whenFull = WhenFull.PAUSE;

  @Option(
      names = "--faults",
      paramLabel = "LIST",
      description =
          "Fault probabilities per message, such as cut=0.01,duplicate=5%%. cut: cut the connection"
              + " after the message; duplicate: send its readings twice.")
  @Nullable String faults;

  @Option(
      names = "--verify",
      description =
          "After the run, check that the hub's history contains every acknowledged reading exactly"
              + " once with the same value; with --commands also that each command ended in a"
              + " correct state.")
  boolean verify;

  @Option(
      names = "--verify-timeout",
      paramLabel = "S",
      defaultValue = "60",
      description =
          "Seconds to wait for the last acknowledgements, and then for an unreachable hub during"
              + " verification (default: ${DEFAULT-VALUE}). At the start, a hub that closes"
              + " connections or is not ready is retried for the same time, at most 10 s.")
  double verifyTimeout;

  @Option(
      names = "--feed-latency",
      description = "Also measure the latency from a device to an operator's live stream.")
  boolean watch;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Random seed of the device models; keys stay random.")
  @Nullable Long seed;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print only the report, no progress.")
  boolean quiet;

  @ArgGroup(exclusive = false, heading = "%nTransport:%n")
  LinkOptions link = new LinkOptions();

  @ArgGroup(exclusive = false, heading = "%nCommands:%n")
  CommandOptions commands = new CommandOptions();

  @ArgGroup(exclusive = false, heading = "%nReplay of a recording (CSV with a header):%n")
  ReplayOptions replay = new ReplayOptions();

  /** Behaviour of a device whose window is full. */
  enum WhenFull {
    PAUSE,
    DROP
  }

  @Override
  public Integer call() throws InterruptedException {
    return Main.simulate(new RunPlanBuilder(this, System.getenv()).plan());
  }
}

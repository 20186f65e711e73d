package io.signalbox.sim;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The part of the command line that is about commands: how devices treat them, who gives them. */
final class CommandOptions {

  @Option(
      names = "--command-delay",
      paramLabel = "SPAN",
      description =
          "How long a device takes to answer, such as 50ms..2s (default: at once). It does what it"
              + " is told when it is told.")
  @Nullable String delay;

  @Option(
      names = "--command-faults",
      paramLabel = "LIST",
      description =
          "Chances for each command, such as reject=5%%,silent=2%%. accept: \"accepted\" is said"
              + " first; reject, fail: that is the answer; silent: it is done and never answered;"
              + " duplicate: the result is said twice; slow: it takes ten times as long, 3 s at"
              + " least; cut: the connection is cut when it is done, before it is answered."
              + " For each reconnect: resend: each result that the hub has is said again;"
              + " forget: the device has lost its memory and does again what comes again, which"
              + " --verify finds.")
  @Nullable String faults;
}

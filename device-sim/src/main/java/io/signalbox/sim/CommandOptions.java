package io.signalbox.sim;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Command line options for the command load and for how devices execute commands. */
final class CommandOptions {

  @Option(
      names = "--commands",
      paramLabel = "R",
      description =
          "Create R commands per second for the fleet through the API during the run. --verify then"
              + " checks that each ended in a correct state and was executed once and in order.")
  @Nullable Double perSecond;

  @Option(
      names = "--command",
      paramLabel = "NAME",
      description =
          "Create only this command, such as identify (default: mostly identify, sometimes"
              + " set-target, set-speed or an invalid command).")
  @Nullable String name;

  @Option(
      names = "--command-ttl",
      paramLabel = "S",
      description = "Seconds until a command expires (default: 60).")
  @Nullable Integer ttl;

  @Option(
      names = "--command-not-before",
      paramLabel = "P",
      description = "Share of commands with a notBefore up to 3 s ahead (default: 0).")
  @Nullable String later;

  @Option(
      names = "--command-cancel",
      paramLabel = "P",
      description = "Share of commands that are cancelled at once (default: 0).")
  @Nullable String cancel;

  @Option(
      names = "--command-delay",
      paramLabel = "SPAN",
      description =
          "Delay of a device's answers, such as 50ms..2s (default: none). The command itself is"
              + " executed without delay.")
  @Nullable String delay;

  @Option(
      names = "--command-faults",
      paramLabel = "LIST",
      description =
          "Fault probabilities per command, such as reject=5%%,silent=2%%. accept: send accepted"
              + " first; reject, fail: answer rejected or failed; silent: execute, never answer;"
              + " duplicate: send the result twice; slow: take ten times as long, at least 3 s;"
              + " cut: cut the connection after execution, before the answer. Per reconnect:"
              + " resend: send all results again; forget: lose the memory of executed commands and"
              + " execute redelivered ones again, which --verify detects.")
  @Nullable String faults;

  /** The first given option that requires {@code --commands}; else empty. */
  String strayOption() {
    return name != null
        ? "--command"
        : ttl != null
            ? "--command-ttl"
            : later != null ? "--command-not-before" : cancel != null ? "--command-cancel" : "";
  }
}

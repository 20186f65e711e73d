package io.signalbox.sim;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The part of the command line that is about commands: how devices treat them, who gives them. */
final class CommandOptions {

  @Option(
      names = "--commands",
      paramLabel = "R",
      description =
          "Give the fleet so many commands a second through the API, while the run lasts."
              + " With --verify each must end truly, be done"
              + " once and in its order.")
  @Nullable Double perSecond;

  @Option(
      names = "--command",
      paramLabel = "NAME",
      description =
          "Give only this one, such as identify (default: mostly identify, now and then set-target,"
              + " set-speed or a mistake).")
  @Nullable String name;

  @Option(
      names = "--command-ttl",
      paramLabel = "S",
      description = "Seconds until a command expires (default: 60).")
  @Nullable Integer ttl;

  @Option(
      names = "--command-later",
      paramLabel = "CHANCE",
      description = "The share of commands that must wait up to 3 seconds (default: 0).")
  @Nullable String later;

  @Option(
      names = "--command-cancel",
      paramLabel = "CHANCE",
      description = "The share of commands that are taken back at once (default: 0).")
  @Nullable String cancel;

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

  /** The first option that makes sense only with {@code --commands} and was given; else empty. */
  String strayOption() {
    return name != null
        ? "--command"
        : ttl != null
            ? "--command-ttl"
            : later != null ? "--command-later" : cancel != null ? "--command-cancel" : "";
  }
}

package io.signalbox.hub;

import io.signalbox.cli.CommandLineConventions;
import io.signalbox.hub.config.Configuration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The parsed command line. */
sealed interface HubCommandLine {
  /** Run the hub with this configuration. */
  record Run(HubConfig config) implements HubCommandLine {}

  /** Print this text and exit. */
  record Print(String text) implements HubCommandLine {}

  /** Parses the command line and the environment. Throws if either is invalid. */
  static HubCommandLine read(List<String> arguments, Map<String, String> variables) {
    CommandLine line = commandLine();
    ParseResult parsed = line.parseArgs(arguments.toArray(String[]::new));
    if (parsed.isUsageHelpRequested()) {
      return new Print(line.getUsageMessage());
    }
    if (parsed.isVersionHelpRequested()) {
      return new Print(String.join("\n", line.getCommandSpec().version()) + "\n");
    }
    String file = parsed.matchedOptionValue("--config", variables.get("SIGNALBOX_CONFIG"));
    Configuration<HubConfig> configuration =
        Configuration.read(HubConfig.class, parsed, variables, configFile(file));
    return parsed.hasMatchedOption("--print-config")
        ? new Print(configuration.print())
        : new Run(configuration.settings());
  }

  /** The version of this build. */
  static String version() {
    return CommandLineConventions.version(Main.class);
  }

  private static CommandLine commandLine() {
    CommandSpec hub = CommandSpec.create().name("signalbox hub");
    hub.usageMessage()
        .description(
            "Starts a hub. Each option is a setting: --http-port is SIGNALBOX_HTTP_PORT in the"
                + " environment and http: {port: ...} in the file. Options override variables,"
                + " variables override the file, the file overrides the defaults.",
            "The admin key is set by SIGNALBOX_ADMIN_KEY or in the file only, because others can"
                + " read a command line.")
        .exitCodeList(exitCodes());
    hub.addOption(
        OptionSpec.builder("--config")
            .type(String.class)
            .paramLabel("FILE")
            .description(
                "YAML file with settings (default: environment variable SIGNALBOX_CONFIG).")
            .build());
    hub.addOption(
        OptionSpec.builder("--print-config")
            .type(boolean.class)
            .description("Print the settings in force and the origin of each, and exit.")
            .build());
    Configuration.addOptions(hub, HubConfig.class);
    return CommandLineConventions.apply(new CommandLine(hub), Main.class);
  }

  private static Map<String, String> exitCodes() {
    Map<String, String> codes = new LinkedHashMap<>();
    codes.put("0", "orderly stop");
    codes.put("1", "stop not finished within --stop-timeout");
    codes.put("69", "port in use, or address not available");
    codes.put("70", "internal error");
    codes.put("74", "data directory unusable");
    codes.put("78", "invalid option or setting, or unusable certificate");
    return codes;
  }

  private static @Nullable Path configFile(@Nullable String name) {
    if (name == null || name.isEmpty()) {
      return null;
    }
    if (!Files.isReadable(Path.of(name))) {
      throw new StartupException(
          StartupException.CONFIG, "config: %s cannot be read".formatted(name));
    }
    return Path.of(name);
  }
}

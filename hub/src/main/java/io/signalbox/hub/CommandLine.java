package io.signalbox.hub;

import io.signalbox.hub.config.Configuration;
import io.signalbox.hub.config.SettingsReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The parsed command line. */
sealed interface CommandLine {
  /** Run the hub with this configuration. */
  record Run(HubConfig config) implements CommandLine {}

  /** Print this text and exit. */
  record Print(String text) implements CommandLine {}

  /** Parses the command line and the environment. Throws if either is invalid. */
  static CommandLine read(List<String> arguments, Map<String, String> variables) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      return new Print(help());
    }
    if (arguments.contains("--version")) {
      return new Print("signalbox " + version() + "\n");
    }
    List<String> flags = new ArrayList<>(arguments);
    boolean print = flags.remove("--print-config");
    Path file = configFile(flags, variables.get("SIGNALBOX_CONFIG"));
    Configuration<HubConfig> configuration =
        Configuration.read(HubConfig.class, flags, variables, file);
    return print ? new Print(configuration.print()) : new Run(configuration.settings());
  }

  /** The help text, generated from the settings records. */
  static String help() {
    return """
        usage: hub [--config FILE] [SETTING...]

          --config FILE     YAML file with settings (or SIGNALBOX_CONFIG)
          --print-config    print the effective settings and their origin, then exit
          --version, --help

        Flags override SIGNALBOX_... variables, variables override the file, the file
                overrides the defaults. --http-port is SIGNALBOX_HTTP_PORT in the environment and
                http: {port: ...} in the file.

        settings:
        """
        + SettingsReference.of(HubConfig.class).help();
  }

  /** The version of this build. */
  static String version() {
    return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
        .orElse("in development");
  }

  private static @Nullable Path configFile(List<String> flags, @Nullable String variable) {
    String name = variable == null || variable.isEmpty() ? null : variable;
    int flag = flags.indexOf("--config");
    if (flag >= 0) {
      if (flag + 1 == flags.size()) {
        throw new StartupException(
            StartupException.CONFIG, "--config: value missing; expected a path");
      }
      name = flags.remove(flag + 1);
      flags.remove(flag);
    }
    for (String each : List.copyOf(flags)) {
      if (each.startsWith("--config=")) {
        name = each.substring("--config=".length());
        flags.remove(each);
      }
    }
    if (name != null && !Files.isReadable(Path.of(name))) {
      throw new StartupException(
          StartupException.CONFIG, "config: %s cannot be read".formatted(name));
    }
    return name == null ? null : Path.of(name);
  }
}

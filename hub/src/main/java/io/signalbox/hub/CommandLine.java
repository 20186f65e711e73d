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

/** What the command line asks for. */
sealed interface CommandLine {
  /** Run with this configuration. */
  record Run(HubConfig config) implements CommandLine {}

  /** Say this and end. */
  record Print(String text) implements CommandLine {}

  /** Reads the command line and the environment; throws what is wrong with them. */
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

  /** The help text, made from the settings records. */
  static String help() {
    return """
        usage: hub [--config FILE] [SETTING...]

          --config FILE     YAML file with settings (or SIGNALBOX_CONFIG)
          --print-config    print what is in force and where it came from, then end
          --version, --help

        A flag goes before a SIGNALBOX_... variable, a variable before the file, the
        file before the default. --http-port is SIGNALBOX_HTTP_PORT in the environment
        and http: {port: ...} in the file.

        settings:
        """
        + SettingsReference.of(HubConfig.class).help();
  }

  /** This build's version. */
  static String version() {
    return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
        .orElse("in development");
  }

  private static @Nullable Path configFile(List<String> flags, @Nullable String variable) {
    String name = variable == null || variable.isEmpty() ? null : variable;
    int flag = flags.indexOf("--config");
    if (flag >= 0) {
      if (flag + 1 == flags.size()) {
        throw new StartupException(StartupException.CONFIG, "--config: its value is missing");
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

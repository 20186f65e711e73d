package io.signalbox.types;

import io.signalbox.types.api.TypesClient;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options that name the hub and the key. */
final class HubOptions {
  @Option(
      names = "--hub",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "URL of the hub (default: ${DEFAULT-VALUE}).")
  private String hub = "";

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description =
          "API key with scope devices:read, or devices:write to import (default: environment"
              + " variable SIGNALBOX_API_KEY, else SIGNALBOX_ADMIN_KEY).")
  private @Nullable String key;

  HubOptions() {}

  /** A client of the hub. */
  TypesClient client(CommandLine command) {
    try {
      return new TypesClient(hub, key(command));
    } catch (IllegalArgumentException invalid) {
      throw new ParameterException(command, "--hub: " + invalid.getMessage());
    }
  }

  private String key(CommandLine command) {
    Map<String, String> environment = System.getenv();
    return Stream.of(
            key, environment.get("SIGNALBOX_API_KEY"), environment.get("SIGNALBOX_ADMIN_KEY"))
        .filter(Objects::nonNull)
        .filter(each -> !each.isBlank())
        .findFirst()
        .orElseThrow(
            () ->
                new ParameterException(
                    command,
                    "no API key: set --key KEY or the environment variable SIGNALBOX_API_KEY or"
                        + " SIGNALBOX_ADMIN_KEY"));
  }
}

package io.signalbox.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.signalbox.hub.config.SettingsReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/configuration.md} is generated from the settings records. To update it: {@code mvn
 * -pl hub -am test -Dtest=ConfigurationDocTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dsignalbox.write-docs=true}.
 */
class ConfigurationDocTest {
  private static final Path PAGE = Path.of("../docs/configuration.md");

  private static final String INTRODUCTION =
      """
      # Configuration

      <!-- Generated from the settings records by ConfigurationDocTest; edit those instead. -->

      Every setting can be given as a flag, as an environment variable and in a YAML file. Flags
      override variables, variables override the file, and the file overrides the defaults.
      `hub --print-config` prints the effective settings and the origin of each value, as a valid
      configuration file. With an unknown setting or an invalid value the hub does not start: it
      exits with code 78 and a line such as
      `http.port: 99999 is not in 0..65535 (from --http-port)`.

      ```
      ./signalbox hub --http-port 9000
      SIGNALBOX_HTTP_PORT=9000 ./signalbox hub
      ./signalbox hub --config signalbox.yaml
      ```

      ```yaml
      # signalbox.yaml
      data: /var/lib/signalbox
      http:
        port: 9000
      ```

      `--config FILE` or `SIGNALBOX_CONFIG` names the file; there is none by default. An empty
      variable counts as not set. Secrets have no flag, because every user of the machine can read a
      command line. Durations are written `500ms`, `30s`, `5m`, `2h`, `7d`. Lists are separated by
      commas, or written as YAML lists in the file. JVM options go into `SIGNALBOX_JAVA_OPTS`, which
      the launcher reads.

      """;

  @Test
  void the_page_matches_the_settings_records() throws IOException {
    String made = made();
    if (Boolean.getBoolean("signalbox.write-docs")) {
      Files.writeString(PAGE, made);
    }
    assertThat(PAGE).content().as("docs/configuration.md is out of date").isEqualTo(made);
  }

  @Test
  void the_help_has_every_flag_that_the_page_has() {
    List<String> flags =
        Pattern.compile("<br>`(--[a-z-]+)`")
            .matcher(made())
            .results()
            .map(found -> found.group(1))
            .toList();
    String help = ((HubCommandLine.Print) HubCommandLine.read(List.of("--help"), Map.of())).text();

    assertThat(flags).contains("--data", "--http-port", "--host", "--node", "--debug-echo");
    assertThat(flags).allSatisfy(flag -> assertThat(help).containsPattern(flag + "(=|\\[=)"));
    assertThat(help)
        .startsWith("Usage: signalbox hub [OPTIONS]\n")
        .containsPattern("--http-port=N +Port of the HTTP listener; .*")
        .contains("(0..65535; default: 8080).", "\nHTTP listener:\n", "\nExit codes:\n")
        .doesNotContain("--admin-key");
  }

  private static String made() {
    return INTRODUCTION + SettingsReference.of(HubConfig.class).markdown();
  }
}

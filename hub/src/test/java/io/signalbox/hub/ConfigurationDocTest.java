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
 * {@code docs/configuration.md} is made from the settings records. To write it anew: {@code mvn -pl
 * hub -am test -Dtest=ConfigurationDocTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dsignalbox.write-docs=true}.
 */
class ConfigurationDocTest {
  private static final Path PAGE = Path.of("../docs/configuration.md");

  private static final String INTRODUCTION =
      """
      # Configuration

      <!-- Made from the settings records by ConfigurationDocTest, which says how; edit those. -->

      Every setting can be given as a flag, as an environment variable and in a YAML file. A flag goes
      before a variable, a variable before the file, the file before the default. `hub --print-config`
      prints what is in force and where each value came from; the print is itself a file that can be
      used. A setting that does not exist or has a wrong value stops the start with exit code 78 and a
      line such as `http.port: 99999 is not in 0..65535 (from --http-port)`.

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

      The file is named by `--config FILE` or `SIGNALBOX_CONFIG`; there is none by default. An empty
      variable counts as not set. Secrets have no flag, since a command line can be read by everybody
      on the machine. Durations are written `500ms`, `30s`, `5m`, `2h`, `7d`; the parts of a
      list are separated by commas, and may be a YAML list in the file. Options of the Java machine go
      into `SIGNALBOX_JAVA_OPTS`, which the launcher reads.

      """;

  @Test
  void the_page_says_what_the_records_say() throws IOException {
    String made = made();
    if (Boolean.getBoolean("signalbox.write-docs")) {
      Files.writeString(PAGE, made);
    }
    assertThat(PAGE).content().as("docs/configuration.md is behind the records").isEqualTo(made);
  }

  @Test
  void the_help_has_every_flag_that_the_page_has() {
    List<String> flags =
        Pattern.compile("<br>`(--[a-z-]+)`")
            .matcher(made())
            .results()
            .map(found -> found.group(1))
            .toList();
    String help = ((CommandLine.Print) CommandLine.read(List.of("--help"), Map.of())).text();

    assertThat(flags).contains("--data", "--http-port", "--host", "--node", "--debug-echo");
    assertThat(flags).allSatisfy(flag -> assertThat(help).contains("  " + flag + "\n"));
  }

  private static String made() {
    return INTRODUCTION + SettingsReference.of(HubConfig.class).markdown();
  }
}

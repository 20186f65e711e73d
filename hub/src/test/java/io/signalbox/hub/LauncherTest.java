package io.signalbox.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The launcher script, without a build. */
@Timeout(400)
class LauncherTest {
  private static final Path SCRIPT = Path.of("..", "signalbox").toAbsolutePath().normalize();

  private record Ended(int exitCode, String output) {}

  @Test
  void help_lists_every_command() throws Exception {
    Ended help = launch("--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.output()).contains("demo", "hub [...]", "sim [...]", "test", "build");
  }

  @Test
  void without_a_command_it_prints_the_usage() throws Exception {
    Ended nothing = launch();
    assertThat(nothing.exitCode()).isEqualTo(64);
    assertThat(nothing.output()).startsWith("usage: ./signalbox COMMAND");
  }

  @Test
  void an_unknown_command_is_reported_by_name() throws Exception {
    Ended unknown = launch("dance");
    assertThat(unknown.exitCode()).isEqualTo(64);
    assertThat(unknown.output()).startsWith("signalbox: unknown command: dance\n");
  }

  @Test
  void every_shell_can_parse_it() throws Exception {
    assertThat(run(List.of("sh", "-n", SCRIPT.toString()))).isEqualTo(new Ended(0, ""));
  }

  private static Ended launch(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("sh", SCRIPT.toString()));
    command.addAll(List.of(arguments));
    return run(command);
  }

  private static Ended run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), output);
  }
}

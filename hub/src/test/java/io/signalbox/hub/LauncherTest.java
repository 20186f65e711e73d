package io.signalbox.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher script, without a build. */
@Timeout(400)
class LauncherTest {
  private static final Path SCRIPT = Path.of("..", "signalbox").toAbsolutePath().normalize();

  private record Ended(int exitCode, String output) {}

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "demo --help", "test -h", "build --help"})
  void help_lists_every_command(String arguments) throws Exception {
    Ended help = launch(arguments.split(" "));
    assertThat(help.exitCode()).isZero();
    assertThat(help.output())
        .startsWith("Usage: ./signalbox COMMAND")
        .contains("\n  demo ", "\n  hub ", "\n  sim ", "\n  bench ", "\n  test ", "\n  build ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "-V"})
  void version_prints_the_version_of_the_build(String option) throws Exception {
    Ended version = launch(option);
    assertThat(version.exitCode()).isZero();
    assertThat(version.output()).matches("signalbox \\d+\\.\\d+\\.\\d+\\S*\n");
  }

  @Test
  void without_a_command_it_prints_the_usage() throws Exception {
    Ended nothing = launch();
    assertThat(nothing.exitCode()).isEqualTo(64);
    assertThat(nothing.output()).startsWith("Usage: ./signalbox COMMAND");
  }

  @ParameterizedTest
  @CsvSource({
    "dance, unknown command dance (see --help)",
    "--colour, unknown option --colour (see --help)",
    "build all, 'build takes no arguments, got all'",
    "demo --nodes 10, '--nodes takes a number from 1 to 9, got ''10'''",
    "demo --http-port 0 --nodes, --nodes requires a number from 1 to 9"
  })
  void an_invalid_command_line_is_refused_in_one_line(String arguments, String line)
      throws Exception {
    assertThat(launch(arguments.split(" "))).isEqualTo(new Ended(64, "signalbox: " + line + "\n"));
  }

  @Test
  void every_shell_can_parse_it() throws Exception {
    assertThat(run(List.of("sh", "-n", SCRIPT.toString()))).isEqualTo(new Ended(0, ""));
  }

  @Test
  void several_hubs_without_redis_are_refused_in_one_line_that_says_how_to_install_it(
      @TempDir Path programs) throws Exception {
    for (String program : List.of("sh", "dirname", "cat", "readlink", "sed")) {
      Path file =
          Stream.of("/usr/bin", "/bin")
              .map(folder -> Path.of(folder, program))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow();
      Files.createSymbolicLink(programs.resolve(program), file);
    }
    String shell = programs.resolve("sh").toString();
    ProcessBuilder demo = new ProcessBuilder(shell, SCRIPT.toString(), "demo", "--nodes", "2");
    demo.environment().put("PATH", programs.toString());
    demo.environment().remove("SIGNALBOX_REDIS_URL");

    assertThat(run(demo))
        .isEqualTo(
            new Ended(
                69,
                "signalbox: redis-server not found; demo --nodes requires it:"
                    + " apt-get install redis-server, or brew install redis\n"));
  }

  private static Ended launch(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("sh", SCRIPT.toString()));
    command.addAll(List.of(arguments));
    return run(command);
  }

  private static Ended run(List<String> command) throws IOException, InterruptedException {
    return run(new ProcessBuilder(command));
  }

  private static Ended run(ProcessBuilder command) throws IOException, InterruptedException {
    Process process = command.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), output);
  }
}
